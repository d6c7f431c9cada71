// What the camera sees: asked for only while the box is ticked and the page is in view.

const PAUSE = 120;  // milliseconds between pictures

/** `fetchPicture` gives a Blob, or null where nothing is seen; rejects where the worker is gone. */
export function watch(box, image, nothing, fetchPicture) {
  let going = false;

  async function go() {
    if (going) return;
    going = true;
    while (box.checked && !document.hidden) {
      const picture = await fetchPicture().catch(() => null);
      show(box.checked ? picture : null);
      nothing.hidden = !box.checked || picture !== null;
      await new Promise((done) => setTimeout(done, picture ? PAUSE : 5 * PAUSE));
    }
    show(null);
    nothing.hidden = true;
    going = false;
    if (box.checked && !document.hidden) go();
  }

  function show(picture) {
    const before = image.src;
    if (picture) image.src = URL.createObjectURL(picture);
    else image.removeAttribute("src");
    image.hidden = !picture;
    if (before) URL.revokeObjectURL(before);
  }

  box.addEventListener("change", go);
  document.addEventListener("visibilitychange", go);
}
