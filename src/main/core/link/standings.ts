import type { Standing } from '../../../shared/admin/state.ts';
import type { Health } from '../../../shared/snapshot.ts';
import type { LinkEvent, LinkState } from './link.ts';

/** Which part an event is a sign of life of; null when it is none. A display is `display:` and its name. */
export function signOfLife(event: LinkEvent): string | null {
  switch (event.type) {
    case 'apiAnswered':
      return 'api';
    case 'clockOffset':
      return 'clock';
    case 'printer':
    case 'journal':
      return event.problem === null ? event.type : null;
    case 'callbacks':
      return event.standing === 'working' ? 'callbacks' : null;
    case 'display':
      return event.problem === null ? `display:${event.name}` : null;
    default:
      return null;
  }
}

/** How each part is doing, in the order in which a technician looks. */
export function standingsOf(link: LinkState, heard: ReadonlyMap<string, number>): readonly Standing[] {
  const standing = (health: Health, about: Pick<Standing, 'part' | 'name'>): Standing => ({
    ...about,
    ...health,
    heardAt: heard.get(about.name === undefined ? about.part : `${about.part}:${about.name}`) ?? null,
  });
  return [
    standing(link.api, { part: 'api' }),
    standing(link.clock, { part: 'clock' }),
    standing(link.journal, { part: 'journal' }),
    standing(link.printer, { part: 'printer' }),
    ...(link.callbacks ? [standing(link.callbacks, { part: 'callbacks' })] : []),
    ...Object.entries(link.displays).map(([name, health]) => standing(health, { part: 'display', name })),
  ];
}
