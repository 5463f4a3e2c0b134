/**
 * Every table of the database, by name. It is empty here: each file beside this one adds its own tables, so that a
 * feature brings its tables without touching a shared list:
 *
 *     declare module './index.ts' { interface Tables { message: MessageTable } }
 *
 * The conventions: integers are below 2^53 and are JS numbers, what may exceed that is TEXT or BLOB; booleans are the
 * integers 0 and 1; blobs are Uint8Array; dates are unix seconds unless the column's name ends in `_ms`; a key begins
 * with its owner (a marked id).
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the files beside this one
export interface Tables {}
