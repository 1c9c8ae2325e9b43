/** The element with that id, of that class. Throws when the page lacks it: page and script belong together. */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`This page has no ${kind.name} called ${id}.`);
  return found;
}

/** A new element with a class and text or children. */
export function create<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  ...content: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  element.append(...content);
  return element;
}

/** A button that does something. */
export function createButton(name: string, className: string, onClick: () => void): HTMLButtonElement {
  const button = create('button', className, name);
  button.type = 'button';
  button.addEventListener('click', onClick);
  return button;
}

/** Writes text only where it changes, so that nothing is read out again that is still the same. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** How a list is kept: what tells its items apart, and how one is built and brought up to date. */
interface ListPlan<Item, Row extends HTMLElement> {
  readonly key: (item: Item) => string;
  readonly build: (item: Item) => Row;
  readonly update: (row: Row, item: Item) => void;
}

/**
 * Brings a list in line with its items and keeps the rows that stay, so that focus and a finger on a button survive.
 * Gives a function to be called with each new set of items.
 */
export function keepList<Item, Row extends HTMLElement>(
  parent: HTMLElement,
  plan: ListPlan<Item, Row>,
): (items: readonly Item[]) => void {
  const rows = new Map<string, Row>();
  return (items) => {
    const wanted = new Set(items.map(plan.key));
    for (const [key, row] of rows) {
      if (wanted.has(key)) continue;
      row.remove();
      rows.delete(key);
    }
    for (const [index, item] of items.entries()) {
      const key = plan.key(item);
      const row = rows.get(key) ?? plan.build(item);
      rows.set(key, row);
      plan.update(row, item);
      if (parent.children[index] !== row) parent.insertBefore(row, parent.children[index] ?? null);
    }
  };
}
