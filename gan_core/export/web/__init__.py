"""A trained network as one web page that draws in the browser, without a server."""
