import { type Kysely, sql } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  await d
    .createTable(db, 'chat_invite', { clustered: true })
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('hash', d.text, (c) => c.notNull())
    .addColumn('admin', d.id, (c) => c.notNull())
    .addColumn('title', d.text)
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('expires', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('usage_limit', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('used', d.int, (c) => c.notNull().defaultTo(0))
    .addColumn('request_needed', d.bool, (c) => c.notNull().defaultTo(0))
    .addColumn('permanent', d.bool, (c) => c.notNull().defaultTo(0))
    .addColumn('revoked', d.bool, (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('chat_invite_pk', ['peer', 'hash'])
    .execute()
  await db.schema.createIndex('chat_invite_hash').unique().on('chat_invite').column('hash').execute()

  await d
    .createTable(db, 'chat_invite_user', { clustered: true })
    .addColumn('peer', d.id, (c) => c.notNull())
    .addColumn('user_id', d.id, (c) => c.notNull())
    .addColumn('hash', d.text, (c) => c.notNull())
    .addColumn('date', d.int, (c) => c.notNull())
    .addColumn('requested', d.bool, (c) => c.notNull().defaultTo(0))
    .addColumn('about', d.text)
    .addColumn('approved_by', d.id)
    .addPrimaryKeyConstraint('chat_invite_user_pk', ['peer', 'user_id'])
    .execute()
  await db.schema
    .createIndex('chat_invite_user_waiting')
    .on('chat_invite_user')
    .columns(['peer', 'date'])
    .where(sql.ref('requested'), '=', 1)
    .execute()
}
