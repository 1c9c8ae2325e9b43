/** A request of the API as it arrived, whatever brought it: a connection, or a call within one process. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query with the API's root, exactly as signed. */
  readonly url: string;
  readonly headers: {
    readonly authorization?: string | undefined;
    readonly host?: string | undefined;
    readonly 'content-type'?: string | undefined;
  };
  readonly body: Uint8Array;
  /** What the path names: `id`, `key`. */
  readonly parameters: Readonly<Record<string, string>>;
}
