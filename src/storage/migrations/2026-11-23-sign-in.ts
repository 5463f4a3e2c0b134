import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'code')
    .addColumn('id', d.text, (c) => c.primaryKey().notNull())
    .addColumn('purpose', d.text, (c) => c.notNull())
    .addColumn('target', d.text, (c) => c.notNull())
    .addColumn('key', d.text, (c) => c.notNull())
    .addColumn('user_id', d.id, (c) => c.notNull())
    .addColumn('way', d.text, (c) => c.notNull())
    .addColumn('code', d.text, (c) => c.notNull())
    .addColumn('attempts', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('state', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('email', d.text)
    .addColumn('ip', d.text, (c) => c.notNull())
    .addColumn('sent_at', d.int, (c) => c.notNull())
    .addColumn('expires_at', d.int, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('code_target').on('code').columns(['target', 'sent_at']).execute()
  await db.schema.createIndex('code_ip').on('code').columns(['ip', 'sent_at']).execute()
  await db.schema.createIndex('code_user').on('code').column('user_id').execute()
  await db.schema.createIndex('code_sent').on('code').column('sent_at').execute()

  await d
    .createTable(db, 'login_token')
    .addColumn('id', d.text, (c) => c.primaryKey().notNull())
    .addColumn('kind', d.text, (c) => c.notNull())
    .addColumn('user_id', d.id, (c) => c.notNull())
    .addColumn('key', d.text, (c) => c.notNull())
    .addColumn('others', d.text, (c) => c.notNull())
    .addColumn('expires_at', d.int, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('login_token_key').on('login_token').column('key').execute()
  await db.schema.createIndex('login_token_user').on('login_token').column('user_id').execute()
  await db.schema.createIndex('login_token_expires').on('login_token').column('expires_at').execute()

  await d
    .createTable(db, 'login_email')
    .addColumn('user_id', d.id, (c) => c.primaryKey().notNull())
    .addColumn('email', d.text, (c) => c.notNull())
    .addColumn('reset_at', d.int, (c) => c.notNull().defaultTo(0))
    .execute()

  await d
    .createTable(db, 'password')
    .addColumn('user_id', d.id, (c) => c.primaryKey().notNull())
    .addColumn('verifier', d.blob)
    .addColumn('salt1', d.blob, (c) => c.notNull())
    .addColumn('salt2', d.blob, (c) => c.notNull())
    .addColumn('set_at', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('hint', d.text, (c) => c.notNull().defaultTo(''))
    .addColumn('email', d.text)
    .addColumn('secure', d.blob)
    .addColumn('version', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('fails', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('fails_at', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('reset_at', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('declined_at', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('pending', d.blob)
    .addColumn('pending_email', d.text)
    .execute()

  await d
    .createTable(db, 'accepted_terms')
    .addColumn('user_id', d.id, (c) => c.primaryKey().notNull())
    .addColumn('terms', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .execute()

  await d
    .createTable(db, 'verified_email', { clustered: true })
    .addColumn('user_id', d.id, (c) => c.notNull())
    .addColumn('email', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addPrimaryKeyConstraint('verified_email_pk', ['user_id', 'email'])
    .execute()

  // Begins the round that clears away what has expired; each round puts off the next.
  await db
    .insertInto('job')
    .values({ id: 'sweepKeys', due_at: 0, kind: 'sweepKeys', owner: 0, data: null, lease_until: 0, attempts: 0 })
    .execute()
}
