import { createHmac, randomBytes } from 'node:crypto'
import { ConfigError } from './config.ts'
import type { Store } from './storage/index.ts'

/** Where the database keeps the cluster's name, and what shows that a node has the cluster's secret. */
const NAME = 'cluster'
const PROOF = 'cluster_secret'

/**
 * Makes a node one of those on this database. Gives what their subjects on the bus begin with: a name that the first of
 * them drew, so that several clusters may share a bus.
 * @throws ConfigError for a node with another secret, which could read none of the others' keys
 */
export async function joinCluster(store: Store, secret: Buffer): Promise<string> {
  const proof = createHmac('sha256', secret).update('chappe cluster').digest('hex')
  const known = await store.transact(async (trx) => {
    const first = [
      { name: NAME, value: randomBytes(9).toString('base64url') },
      { name: PROOF, value: proof },
    ]
    const insert = trx.insertInto('setting').values(first)
    await insert.onConflict((c) => c.column('name').doNothing()).execute()
    return trx.selectFrom('setting').selectAll().where('name', 'in', [NAME, PROOF]).execute()
  })
  const stored = (name: string) => known.find((row) => row.name === name)?.value
  if (stored(PROOF) !== proof) {
    throw new ConfigError('keys: not those of this cluster; every node needs the same secret and rsa.pem in DIR/keys')
  }
  return `chappe.${stored(NAME)}.`
}
