import type { Store, StoreOptions } from './store.ts'
export async function openPostgres(_: string, __: StoreOptions): Promise<Store> {
  throw new Error('to come')
}
