// @ts-check

/**
 * Draws one SVG. Runs inside the page and is sent there as text, so everything it needs is in it.
 * @param {{ svg: string, style: import('./canvas.mjs').Style }} what
 * @returns {Promise<{ png: string, rgba: number[] }>} `png` in base64
 */
export async function draw({ svg, style: { size, color, outline } }) {
  document.body.innerHTML = svg;
  const root = document.querySelector('svg');
  if (root === null) throw new Error('There is no <svg> in the drawing.');
  root.setAttribute('width', String(size));
  root.setAttribute('height', String(size));
  if (color !== undefined) root.setAttribute('color', color);

  if (outline !== undefined) {
    // The same shapes below themselves, wider on every side.
    const below = [...root.children].map((shape) => {
      const { fill, stroke, strokeWidth } = getComputedStyle(shape);
      const own = stroke === 'none' ? 0 : parseFloat(strokeWidth);
      const copy = /** @type {SVGElement} */ (shape.cloneNode(true));
      copy.style.stroke = outline.color;
      copy.style.strokeWidth = String(own + 2 * outline.width);
      copy.style.strokeLinejoin = 'round';
      if (fill !== 'none') copy.style.fill = outline.color;
      // What is cut out of a shape becomes ink, so that it reads the same on every panel.
      copy.style.fillRule = 'nonzero';
      return copy;
    });
    root.prepend(...below);
  }

  const image = new Image(size, size);
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(root))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('Chromium gave no canvas.');
  context.drawImage(image, 0, 0, size, size);
  return {
    png: canvas.toDataURL('image/png').replace('data:image/png;base64,', ''),
    rgba: [...context.getImageData(0, 0, size, size).data],
  };
}
