import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { UnknownFaultError, type PlayedDisplay } from './displays.ts';
import { parsed } from './parsed.ts';
import { ApiError } from './world/types.ts';

const faults = z.record(z.string(), z.union([z.boolean(), z.number()]));
const nothing = z.strictObject({});

/** The displays that the sandbox plays: their glass, and what testers may do to them. */
export function displayRoutes(server: FastifyInstance, displays: readonly PlayedDisplay[]): void {
  const at = (request: { params: unknown }): PlayedDisplay => {
    const { index } = request.params as { readonly index: string };
    const display = displays[/^\d+(\.png)?$/.test(index) ? Number.parseInt(index, 10) : -1];
    if (!display) throw new ApiError('not_found', 'There is no such display');
    return display;
  };
  server.get('/control/displays', () => ({ displays: displays.map((display) => display.state()) }));
  server.get('/control/displays/:index', (request, reply) => {
    const display = at(request);
    if (!request.url.split('?', 1)[0]?.endsWith('.png')) return display.state();
    return reply.type('image/png').header('cache-control', 'no-store').send(display.png());
  });
  server.post('/control/displays/:index', (request) => {
    const display = at(request);
    try {
      display.setFaults(parsed(faults, request.body));
    } catch (error) {
      if (error instanceof UnknownFaultError) throw new ApiError('invalid_parameters', error.message);
      throw error;
    }
    return display.state();
  });
  const acts: Readonly<Record<string, (display: PlayedDisplay) => void | Promise<void>>> = {
    restart: (display) => {
      display.restart();
    },
    unplug: (display) => display.setPlugged(false),
    plug: (display) => display.setPlugged(true),
  };
  for (const [name, act] of Object.entries(acts)) {
    server.post(`/control/displays/:index/${name}`, async (request) => {
      parsed(nothing, request.body);
      const display = at(request);
      await act(display);
      return display.state();
    });
  }
}
