import { decode } from 'fast-png';

/** CSS pixels a unit along both axes, by the ticks. */
export function axes(page) {
  return page.evaluate(() =>
    ['x', 'y'].map((along) => {
      const ticks = [...document.querySelectorAll(`#overlay .tick-${along}`)].map((tick) => ({
        value: Number(tick.textContent.replaceAll(',', '').replace('−', '-')),
        at: Number(tick.getAttribute(along)),
      }));
      const [first, last] = [ticks[0], ticks.at(-1)];
      return Math.abs((last.at - first.at) / (last.value - first.value));
    }),
  );
}

/** Middle of the first such element, in the window. */
export function centre(page, selector) {
  return page.$eval(selector, (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [x + width / 2, y + height / 2];
  });
}

export async function drag(page, [x, y], [right, down]) {
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + right, y + down, { steps: 6 });
  await page.mouse.up();
}

export function dropText(page, name, content) {
  return page.evaluate(
    (fileName, words) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([words], fileName, { type: 'text/csv' }));
      for (const type of ['dragenter', 'dragover', 'drop']) {
        document.body.dispatchEvent(
          new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
        );
      }
    },
    name,
    content,
  );
}

/** Two clouds of 150 samples, without randomness. */
export function rotated() {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const [angle, radius] = [i * 2.4, Math.sqrt((i % 150) / 150)];
    const centre = i < 150 ? 0 : 6;
    return `${centre + radius * Math.cos(angle)},${centre + 2 * radius * Math.sin(angle)}`;
  });
  return `a,b\n${rows.join('\n')}\n`;
}

/** Pixels in the first and the second component's colour, and the share that is painted at all: of what is really presented. */
export async function painted(page) {
  const style = await page.addStyleTag({ content: '#overlay { visibility: hidden }' });
  const canvas = await page.$('#points');
  const { data, channels, width, height } = decode(await canvas.screenshot());
  await style.evaluate((element) => element.remove());
  const seen = { first: 0, second: 0, share: 0 };
  for (let i = 0; i < data.length; i += channels) {
    const [red, green, blue] = data.subarray(i, i + 3);
    if (blue > red + 60) seen.first++;
    else if (red > blue + 60) seen.second++;
    if (Math.min(red, green, blue) < 250) seen.share++;
  }
  seen.share /= width * height;
  return seen;
}
