import type { ColumnDefinitionBuilder, Kysely } from 'kysely'
import type { Dialect } from '../dialect.ts'

export async function up(db: Kysely<any>, d: Dialect): Promise<void> {
  const some = (c: ColumnDefinitionBuilder) => c.notNull()
  const zero = (c: ColumnDefinitionBuilder) => c.notNull().defaultTo(0)
  await d
    .createTable(db, 'sticker_set')
    .addColumn('id', d.id, (c) => c.primaryKey().notNull())
    .addColumn('owner', d.id, some)
    .addColumn('bot', d.id)
    .addColumn('title', d.text, some)
    .addColumn('short_name', d.text, some)
    .addColumn('name', d.text, (c) => c.notNull().unique())
    .addColumn('kind', d.int, some)
    .addColumn('text_color', d.bool, zero)
    .addColumn('date', d.int, some)
    .addColumn('count', d.int, zero)
    .addColumn('hash', d.int, some)
    .addColumn('thumb', d.blob)
    .addColumn('thumb_key', d.text)
    .addColumn('thumb_version', d.int, zero)
    .addColumn('thumb_document', d.id)
    .execute()
  await db.schema.createIndex('sticker_set_owner').on('sticker_set').columns(['owner', 'id']).execute()
  await db.schema.createIndex('sticker_set_bot').on('sticker_set').columns(['bot', 'id']).execute()

  await d
    .createTable(db, 'sticker', { clustered: true })
    .addColumn('set_id', d.id, some)
    .addColumn('document_id', d.id, some)
    .addColumn('position', d.int, some)
    .addColumn('emoji', d.text, some)
    .addColumn('keywords', d.text, (c) => c.notNull().defaultTo(''))
    .addPrimaryKeyConstraint('sticker_pk', ['set_id', 'document_id'])
    .execute()
  await db.schema.createIndex('sticker_document').unique().on('sticker').column('document_id').execute()

  await d
    .createTable(db, 'sticker_word', { clustered: true })
    .addColumn('word', d.text, some)
    .addColumn('set_id', d.id, some)
    .addColumn('document_id', d.id, some)
    .addPrimaryKeyConstraint('sticker_word_pk', ['word', 'set_id', 'document_id'])
    .execute()
  await db.schema.createIndex('sticker_word_set').on('sticker_word').columns(['set_id', 'document_id']).execute()

  await d
    .createTable(db, 'installed_set', { clustered: true })
    .addColumn('owner', d.id, some)
    .addColumn('set_id', d.id, some)
    .addColumn('kind', d.int, some)
    .addColumn('position', d.int, some)
    .addColumn('date', d.int, some)
    .addColumn('archived', d.bool, zero)
    .addPrimaryKeyConstraint('installed_set_pk', ['owner', 'set_id'])
    .execute()
  await db.schema.createIndex('installed_set_set').on('installed_set').column('set_id').execute()

  await d
    .createTable(db, 'kept_document', { clustered: true })
    .addColumn('owner', d.id, some)
    .addColumn('list', d.text, some)
    .addColumn('document_id', d.id, some)
    .addColumn('position', d.int, some)
    .addColumn('date', d.int, some)
    .addPrimaryKeyConstraint('kept_document_pk', ['owner', 'list', 'document_id'])
    .execute()

  await d
    .createTable(db, 'featured_set')
    .addColumn('set_id', d.id, (c) => c.primaryKey().notNull())
    .addColumn('kind', d.int, some)
    .addColumn('position', d.int, some)
    .addColumn('old', d.bool, zero)
    .execute()
  await d
    .createTable(db, 'featured_read', { clustered: true })
    .addColumn('owner', d.id, some)
    .addColumn('set_id', d.id, some)
    .addPrimaryKeyConstraint('featured_read_pk', ['owner', 'set_id'])
    .execute()

  await d
    .createTable(db, 'attached_set', { clustered: true })
    .addColumn('file_id', d.id, some)
    .addColumn('set_id', d.id, some)
    .addColumn('position', d.int, some)
    .addPrimaryKeyConstraint('attached_set_pk', ['file_id', 'set_id'])
    .execute()

  await db.schema.alterTable('channel').addColumn('sticker_set', d.id).execute()
  await db.schema.alterTable('channel').addColumn('emoji_set', d.id).execute()
}
