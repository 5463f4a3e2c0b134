import { type Kysely, sql } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'auth_key')
    .addColumn('id', d.text, (c) => c.primaryKey().notNull())
    .addColumn('sealed', d.blob, (c) => c.notNull())
    .addColumn('temp', d.bool, (c) => c.notNull())
    .addColumn('expires_at', d.int, (c) => c.notNull())
    .addColumn('perm_id', d.text)
    .addColumn('user_id', d.id)
    .addColumn('layer', d.int, (c) => c.notNull())
    .addColumn('api_id', d.int, (c) => c.notNull())
    .addColumn('device_model', d.text, (c) => c.notNull())
    .addColumn('platform', d.text, (c) => c.notNull())
    .addColumn('system_version', d.text, (c) => c.notNull())
    .addColumn('app_version', d.text, (c) => c.notNull())
    .addColumn('lang_code', d.text, (c) => c.notNull())
    .addColumn('system_lang_code', d.text, (c) => c.notNull())
    .addColumn('lang_pack', d.text, (c) => c.notNull())
    .addColumn('ip', d.text, (c) => c.notNull())
    .addColumn('created_at', d.int, (c) => c.notNull())
    .addColumn('active_at', d.int, (c) => c.notNull())
    .addColumn('password_pending_user', d.id)
    .addColumn('flags', d.int, (c) => c.notNull())
    .addColumn('signed_in_at', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('parent', d.text)
    .execute()
  await db.schema.createIndex('auth_key_user').on('auth_key').column('user_id').execute()
  await db.schema.createIndex('auth_key_expires').on('auth_key').column('expires_at').execute()
  await db.schema.createIndex('auth_key_parent').on('auth_key').column('parent').execute()
  await db.schema.createIndex('auth_key_perm').on('auth_key').column('perm_id').execute()

  await d
    .createTable(db, 'counter')
    .addColumn('name', d.text, (c) => c.primaryKey().notNull())
    .addColumn('value', d.int, (c) => c.notNull())
    .execute()

  await d
    .createTable(db, 'box')
    .addColumn('owner', d.id, (c) => c.primaryKey().notNull())
    .addColumn('pos', d.int, (c) => c.notNull())
    .addColumn('pts', d.int, (c) => c.notNull())
    .addColumn('qts', d.int, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('message_id', d.int, (c) => c.notNull())
    .execute()

  await d
    .createTable(db, 'log', { clustered: true })
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('pos', d.int, (c) => c.notNull())
    .addColumn('pts', d.int, (c) => c.notNull())
    .addColumn('pts_count', d.int, (c) => c.notNull())
    .addColumn('qts', d.int, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('kind', d.text, (c) => c.notNull())
    .addColumn('ref', d.int)
    .addColumn('data', d.blob)
    .addPrimaryKeyConstraint('log_pk', ['owner', 'pos'])
    .execute()
  await db.schema.createIndex('log_qts').on('log').columns(['owner', 'qts']).where(sql.ref('qts'), '>', 0).execute()

  await d
    .createTable(db, 'job')
    .addColumn('id', d.text, (c) => c.primaryKey().notNull())
    .addColumn('due_at', d.int, (c) => c.notNull())
    .addColumn('kind', d.text, (c) => c.notNull())
    .addColumn('owner', d.id, (c) => c.notNull())
    .addColumn('data', d.blob)
    .addColumn('lease_until', d.int, (c) => c.notNull())
    .addColumn('attempts', d.int, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('job_due').on('job').column('due_at').execute()

  await d
    .createTable(db, 'setting')
    .addColumn('name', d.text, (c) => c.primaryKey().notNull())
    .addColumn('value', d.text, (c) => c.notNull())
    .execute()
}
