// A line over the last minute on a canvas: newest at the right.

const MINUTE = 60;
const GAP = 2;  // seconds without a value that break the line

/** Draws [[seconds before now (negative), value], …]. `least` is the smallest height of the scale. */
export function draw(canvas, points, least, colour) {
  const scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth, height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);

  const top = Math.max(least, ...points.map((point) => point[1])) * 1.1;
  const place = ([when, value]) => [width * (1 + when / MINUTE), height - 1 - (height - 3) * value / top];

  pen.strokeStyle = "#3c404d";
  pen.lineWidth = 1;
  for (const quarter of [0.25, 0.5, 0.75]) {
    line(pen, [[Math.round(width * quarter) + 0.5, 0], [Math.round(width * quarter) + 0.5, height]]);
  }
  line(pen, [[0, height - 0.5], [width, height - 0.5]]);

  for (const run of runs(points)) {
    const places = run.map(place);
    pen.beginPath();
    pen.moveTo(places[0][0], height);
    places.forEach(([x, y]) => pen.lineTo(x, y));
    pen.lineTo(places[places.length - 1][0], height);
    pen.fillStyle = colour + "33";
    pen.fill();
    pen.strokeStyle = colour;
    pen.lineWidth = 1.5;
    pen.lineJoin = "round";
    line(pen, places);
  }
}

function line(pen, places) {
  pen.beginPath();
  places.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
}

/** The pieces without a gap; where nothing is shown (0) there is a gap. */
function runs(points) {
  const found = [];
  let last = -Infinity;
  for (const point of points) {
    if (point[1] > 0) {
      if (point[0] - last > GAP) found.push([]);
      found[found.length - 1].push(point);
      last = point[0];
    } else {
      last = -Infinity;
    }
  }
  return found;
}
