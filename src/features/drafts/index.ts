import type { Method } from '../../rpc/method.ts'

/** The methods of this folder, in the order of their names. */
export const methods: Method<any>[] = []
