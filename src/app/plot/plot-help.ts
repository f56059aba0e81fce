const PLOT_KEYS = [
  ['Arrow keys', 'move the plot, with Shift by half of it'],
  ['+ and −', 'zoom'],
  ['0', 'show all samples'],
  ['N and Shift+N', 'select a sample, then walk to its neighbours and back'],
  ['Tab', 'go to the components'],
  ['Escape', 'clear the selection'],
] as const;

const COMPONENT_KEYS = [
  ['Arrow keys, Home and End', 'go to another component'],
  ['Enter', 'takes hold of it: then the arrow keys move its mean, with Shift farther'],
  ['[ and ]', 'make it smaller and larger'],
  [', and .', 'turn it left and right'],
  ['Escape', 'undo what is held, let go, then back to the plot'],
] as const;

const POINTER = [
  ['Drag', 'moves the plot, or a component by its number or the handles of its ellipse'],
  ['Wheel, pinch', 'zoom to the pointer; a double click zooms in'],
  ['Click', 'selects a sample'],
  ['Two fingers', 'move and zoom the plot; one finger scrolls the page'],
] as const;

/** What the plot can be asked, for the eye as lists, and as descriptions of the plot and of the numbers in it. */
export function plotHelp(id: string): HTMLElement {
  const help = document.createElement('div');
  help.id = id;
  help.className = 'plot-help';
  help.hidden = true;
  help.append(
    section('Mouse and touch', POINTER),
    section('Keys in the plot', PLOT_KEYS),
    section('Keys on a component', COMPONENT_KEYS),
  );
  return help;
}

/** The keys in sentences, for who cannot see the lists; hidden elements may describe others. */
export function keyDescriptions(): HTMLElement[] {
  const described = [
    ['plot-keys', PLOT_KEYS],
    ['component-keys', COMPONENT_KEYS],
  ] as const;
  return described.map(([id, keys]) => {
    const text = document.createElement('p');
    text.id = id;
    text.hidden = true;
    text.textContent = `${keys.map(([key, does]) => `${key}: ${does}`).join('. ')}.`;
    return text;
  });
}

function section(title: string, rows: readonly (readonly [string, string])[]): HTMLElement {
  const part = document.createElement('section');
  const heading = document.createElement('h3');
  heading.textContent = title;
  const list = document.createElement('dl');
  for (const [key, does] of rows) {
    const term = document.createElement('dt');
    term.textContent = key;
    const meaning = document.createElement('dd');
    meaning.textContent = does;
    list.append(term, meaning);
  }
  part.append(heading, list);
  return part;
}
