/**
 * Imports go one way (docs/decisions, design): computed from folders, not drawn. Each zone names what it may import; the
 * most specific zone that holds a file counts. `src` never imports the sandbox, the tests or the scripts.
 */
import { dirname, relative, resolve, sep } from 'node:path';

const below = (...folders) => folders;
const core = below('src/shared', 'src/main/core');
const ports = [...core, 'src/main/ports'];

/** Zone -> what it may import besides itself. */
const zones = {
  'src/shared': [],
  'src/main/core': ['src/shared'],
  'src/main/ports': core,
  'src/main/terminal': ports,
  'src/main/adapters': [...ports, 'src/main/adapters/transport', 'src/main/adapters/letters'],
  'src/main/lifecycle': ports,
  'src/main/screens': ports,
  'src/main/ipc': [...ports, 'src/main/screens'],
  'src/main/web': [...ports, 'src/main/screens'],
  'src/main/watchdog': ports,
  'src/main/chromium': ports,
  'src/main/window': [...ports, 'src/main/screens', 'src/main/lifecycle', 'src/main/ipc'],
  'src/main/config': ['src/shared'],
  'src/main': ['src'],
  'src/preload': ['src/shared'],
  'src/renderer': ['src/shared'],
  sandbox: ['src/shared', 'src/main/adapters/wallet/wire.ts'],
};

/** Folders in which each subfolder is a zone of its own: an adapter imports no other adapter. */
const parted = ['src/main/adapters'];

/** Modules that only some may import, and what to use instead. */
const doors = [
  {
    module: /^electron$/,
    allowed: ['src/main/index.ts', 'src/main/ipc', 'src/main/window', 'src/preload', 'test'],
    instead: 'a port',
  },
  {
    module: /^node:/,
    forbidden: ['src/shared', 'src/main/core', 'src/renderer', 'src/preload', 'sandbox/web'],
    instead: 'a port',
  },
];

const within = (path, folder) => path === folder || path.startsWith(`${folder}/`);

function zoneOf(path) {
  const part = parted.find((folder) => within(path, folder));
  if (part)
    return {
      name: part,
      own: path
        .split('/')
        .slice(0, part.split('/').length + 1)
        .join('/'),
    };
  const name = Object.keys(zones)
    .filter((folder) => within(path, folder))
    .sort((left, right) => right.length - left.length)[0];
  return name ? { name, own: name } : undefined;
}

function complaint(from, to) {
  if (within(from, 'src') && !within(to, 'src')) return `src imports nothing from ${to.split('/')[0]}.`;
  if (to === 'src/main/core/bill/decide.ts' && within(from, 'src/main/adapters'))
    return 'An adapter never imports decide: send an event.';
  const zone = zoneOf(from);
  if (!zone || within(to, zone.own) || zones[zone.name].some((allowed) => within(to, allowed))) return undefined;
  return `${zone.own} may not import ${to}: imports go from shared to core, ports, terminal and adapters, and compose.`;
}

function doorComplaint(from, module) {
  for (const door of doors) {
    if (!door.module.test(module)) continue;
    const closed = door.allowed
      ? within(from, 'src') && !door.allowed.some((folder) => within(from, folder))
      : door.forbidden.some((folder) => within(from, folder));
    if (closed) return `${module} may not be imported here: use ${door.instead} instead.`;
  }
  return undefined;
}

/** @type {import('eslint').Rule.RuleModule} */
export const boundaries = {
  meta: { type: 'problem', schema: [], messages: { crossed: '{{complaint}}' } },
  create(context) {
    const from = relative(context.cwd, context.filename).split(sep).join('/');
    const check = (node) => {
      const module = node.source?.value;
      if (typeof module !== 'string') return;
      const local = module.startsWith('.');
      const to = local
        ? relative(context.cwd, resolve(dirname(context.filename), module))
            .split(sep)
            .join('/')
        : '';
      const text = local ? complaint(from, to) : doorComplaint(from, module);
      if (text) context.report({ node, messageId: 'crossed', data: { complaint: text } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
