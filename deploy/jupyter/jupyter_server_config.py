"""GANscope in JupyterLab's launcher, by jupyter-server-proxy; into /etc/jupyter/ or ~/.jupyter/.

Every person of a hub has a server, and so an app, of their own. docs/places.md says what was tried.
"""

import os
import secrets

c = get_config()  # noqa: F821  (Jupyter gives it)

# By which name people come, for the check of hosts: *.example.org stands for all of them.
hub = os.environ.get("GAN_HUB_HOST", "localhost")

secret = secrets.token_urlsafe(24)  # between Jupyter and the app, anew with each server

c.ServerProxy.servers = {
    "ganscope": {
        "command": [
            "ganscope",
            "--server.port={port}",
            "--server.headless=true",
            f"--server.allowedHosts={hub}",
        ],
        "timeout": 60,
        "new_browser_tab": True,
        "launcher_entry": {"title": "GANscope"},
        # Other people's programs on this machine reach 127.0.0.1 past Jupyter: nobody comes in without this.
        "environment": {
            "GAN_PROXY_USER_HEADER": "X-GANscope-User",
            "GAN_PROXY_SECRET": secret,
            "GAN_TRAINERS": "me",
        },
        "request_headers_override": {"X-GANscope-User": "me", "X-GANscope-Proxy": secret},
    }
}
