/** What `GET /control/help` tells; docs/sandbox.md tells more. */
export const help = {
  'GET /control/state': 'spots, orders, transactions and users; amounts in minor units, times in milliseconds',
  'GET|DELETE /control/requests': 'every request that the API received, without signatures; DELETE forgets them',
  'POST /control/reset': 'the world as it was at the start, with the same credentials',
  'GET|POST /control/switches': 'the open questions of the API; POST changes those it names',
  'GET|POST|DELETE /control/faults':
    'what goes wrong: {"match":{"method","path"},"times","fault":{"type":"delay|delayAnswer|drop|dropAnswer|status|statusAfter|garbage|garbageAfter|duplicate"}}',
  'GET|POST /control/clock': '{"offsetSeconds"}: how far the clock of the API is off',
  'POST /control/locations': '{"id"}: one more location of the merchant',
  'POST /control/spots': '{"code"}: registers a spot',
  'POST /control/spots/:id/foreign-order': '{"amount","description","currency"}: an order by other software',
  'POST /control/users': '{"balance","currency"}: one more user; answers with its credentials',
  'POST /control/users/:index': '{"balance","refusedWith","tokenExpired"}: what is named changes',
  'POST /control/transactions/:key': '{"amount","currency"}: changes what an unpaid transaction asks for',
  'POST /control/transactions/:key/reject': 'the payer refuses',
  'POST /control/transactions/:key/expire': 'the reservation runs out',
  'POST /control/transactions/:key/confirm|revoke': 'other software of the merchant does it',
  'POST /control/transactions/:key/hold':
    '{"user","status":"waiting|waiting_funds|waiting_registration|waiting_password"}: accepted, but something is missing',
  'POST /control/transactions/:key/resume': 'what was missing has come',
  'GET|DELETE /control/callbacks': 'every callback with what became of it; DELETE forgets them',
  'POST /control/callbacks':
    '{"transactionKey","type","forged"}: sends a callback about a transaction to which nothing happened',
  'GET|POST|DELETE /control/callbacks/faults':
    'what goes wrong with callbacks: {"event","times","fault":{"type":"late|twice|outOfOrder|forged|lost"}}',
  'POST /control/callbacks/new-key': 'another key pair, as when the API changes its own',
  'GET /control/receipts': 'the paper of the virtual printer, and what it did not understand',
  'GET /control/receipts/N.png': 'one paper as a picture',
  'GET|POST /control/printer':
    'paper, coverOpen, cutterError, offline, silent, refuse, resetAfterBytes, stalled, garbage, halfOpen, bytesPerSecond, mishap, startMs, processIds, speed',
  'POST /control/printer/power-cycle': 'off and on again',
  'GET /control/displays': 'the QR displays that the sandbox plays: glass, faults, and what they did not understand',
  'GET /control/displays/N.png': 'the glass as a picture',
  'POST /control/displays/:index': 'the faults that are named change; GET /control/displays lists them',
  'POST /control/displays/:index/restart': 'off and on again',
  'POST /control/displays/:index/unplug|plug': 'pulls the cable out, and puts it in again',
};
