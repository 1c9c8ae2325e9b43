import type { World } from '../world/world.ts';
import { orderAnswer, type Json } from './answers.ts';
import { orderFrom } from './bodies.ts';
import type { Asked, Routes } from './routes.ts';

/** Orders (api.md 8.3). */
export function orderRoutes(routes: Routes, world: World): void {
  /** Key of the transaction that an order is to point to; an inline one is made. */
  const keyFrom = ({ body, moment }: Asked): string => {
    const order = orderFrom(body, moment);
    return 'key' in order ? order.key : world.createTransaction(order.asked).key;
  };
  routes.reader('GET', '/order/:id', (asked) => orderAnswer(world, world.order(asked.id())));
  routes.merchant('POST', '/spot/:id/order', (asked) => {
    world.assertTakesOrders(asked.id());
    return orderAnswer(world, world.createOrder(asked.id(), keyFrom(asked)));
  });
  routes.merchant('PUT', '/order/:id', (asked) => {
    world.assertEditable(asked.id());
    return orderAnswer(world, world.editOrder(asked.id(), keyFrom(asked)));
  });
  routes.merchant('DELETE', '/order/:id', (asked): Json | undefined => {
    const order = world.deleteOrder(asked.id());
    const { deleteOrderAnswer } = world.switches;
    if (deleteOrderAnswer === 'order') return orderAnswer(world, order);
    return deleteOrderAnswer === 'nothing' ? undefined : {};
  });
}
