// The hand on the charts: hover, click for the cursor, drag to zoom, double click for everything.

/** Listen on the panel's root for as long as it is there. */
export function hand(panel) {
  const place = (event) => {
    const chart = panel.charts?.find((c) => c.frame === event.target.closest?.(".frame"));
    return chart && { chart, x: chart.xAt(event.clientX - chart.frame.getBoundingClientRect().left) };
  };
  let from = null;
  panel.root.addEventListener("pointerdown", (event) => { from = event.button ? null : place(event); });
  panel.root.addEventListener("pointermove", (event) => {
    const at = place(event);
    panel.pointer = at?.x ?? null;
    const moved = from?.x != null && at?.x != null && Math.abs(at.chart.px(at.x) - at.chart.px(from.x)) > 4;
    panel.selection = moved ? [from.x, at.x].sort((a, b) => a - b) : null;
    panel.drawMarks();
  });
  panel.root.addEventListener("pointerleave", () => { panel.pointer = panel.selection = from = null; panel.drawMarks(); });
  panel.root.addEventListener("pointerup", (event) => {
    const [at, chosen] = [place(event), panel.selection];
    panel.selection = null;
    if (chosen) panel.zoom(chosen);
    else if (from && at?.x != null && event.detail < 2) panel.setCursor(Math.max(0, at.x));
    from = null;
  });
  panel.root.addEventListener("dblclick", (event) => { if (place(event)) panel.zoom(null); });
}
