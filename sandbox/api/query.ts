import { ApiError } from '../world/types.ts';

/** A whole number of the query; undefined when it is not there. @throws ApiError `invalid_parameters` */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    throw new ApiError('invalid_parameters', `${name} is a whole number`, { [name]: ['Not a whole number'] });
  }
  return Number(text);
}

/** The page of a list that is asked for. @throws ApiError `invalid_parameters` */
export function pageOf(
  query: URLSearchParams,
  { usual, most }: { readonly usual: number; readonly most: number },
): { limit: number; offset: number } {
  const limit = wholeNumber(query, 'limit') ?? Math.min(usual, most);
  const offset = wholeNumber(query, 'offset') ?? 0;
  if (limit < 1 || limit > most) {
    throw new ApiError('invalid_parameters', `Limit is 1 to ${String(most)}`, { limit: ['Out of range'] });
  }
  return { limit, offset };
}
