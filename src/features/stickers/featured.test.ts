import assert from 'node:assert/strict'
import { plain, startTestServer, test } from '../../../test/harness/index.ts'
import { runCommand } from '../../admin.ts'
import type * as tl from '../../tl/gen/types.ts'
import { byName, FILES, item, makeSet, named, seen } from './test-stickers.ts'

test('the operator shows sets to everybody, new until somebody has looked', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await bob.device()
  const featured = async (hash = 0n) => bob.call('messages.getFeaturedStickers', { hash })
  const shown = async () => (await featured()) as tl.messages_featuredStickers
  const titles = ({ sets }: { sets: tl.StickerSetCovered[] }) => sets.map((covered) => covered.set.title)
  assert.deepEqual([(await shown()).count, titles(await shown())], [0, []])
  const [cats, dogs] = [await makeSet(alice, { title: 'Cats' }), await makeSet(alice, { title: 'Dogs' })]
  const run = (name: string, ...args: string[]) => runCommand(server.app, `stickers ${name}`, args)
  assert.deepEqual(await run('featured'), ['no featured sets'])
  await run('feature', `https://t.me/addstickers/${cats.set.shortName}`)
  assert.deepEqual(await run('feature', dogs.set.shortName), [`${dogs.set.shortName} is featured`])
  const { hash, unread, count } = await shown()
  assert.deepEqual([titles(await shown()), unread, count], [['Dogs', 'Cats'], [dogs.set.id, cats.set.id], 2])
  assert.equal((await featured(hash))._, 'messages.featuredStickersNotModified')
  await bob.call('messages.readFeaturedStickers', { id: [cats.set.id] })
  assert.deepEqual(plain(await phone.updatesOf('updateReadFeaturedStickers')), [{ _: 'updateReadFeaturedStickers' }])
  assert.deepEqual((await shown()).unread, [dogs.set.id])
  assert.equal((await featured(hash))._, 'messages.featuredStickers')
  assert.equal(
    ((await alice.call('messages.getFeaturedStickers', { hash: 0n })) as tl.messages_featuredStickers).unread.length,
    2,
  )

  await bob.call('messages.installStickerSet', { stickerset: byName(dogs), archived: false })
  assert.deepEqual(await run('featured'), [
    `${dogs.set.shortName}\tDogs\tstickers\t1 installed`,
    `${cats.set.shortName}\tCats\tstickers\t0 installed`,
  ])
  const search = async (excludeFeatured: boolean) =>
    titles(
      (await bob.call('messages.searchStickerSets', {
        excludeFeatured,
        q: 'cats',
        hash: 0n,
      })) as tl.messages_foundStickerSets,
    )
  // Their short names both begin with it.
  assert.deepEqual([(await search(false)).sort(), await search(true)], [['Cats', 'Dogs'], []])
  await run('unfeature', cats.set.shortName)
  assert.deepEqual(titles(await shown()), ['Dogs'])
  const old = async (offset: number) => bob.call('messages.getOldFeaturedStickers', { offset, limit: 10, hash: 0n })
  assert.deepEqual(titles((await old(0)) as tl.messages_featuredStickers), ['Cats'])
  assert.deepEqual(titles((await old(1)) as tl.messages_featuredStickers), [])
  await assert.rejects(run('feature', 'nothing'), /no such set/)
  await assert.rejects(run('unfeature', cats.set.shortName), /is not featured/)
  const masks = await makeSet(alice, { masks: true })
  await assert.rejects(run('feature', masks.set.shortName), /masks are not featured/)
})

test('a bot makes sets for people, under a name that ends in its own', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const bot = await server.bot('maker_bot')
  await bob.say(bot, 'hello')
  const stickers = [await item(bot, await FILES.webp())]
  const create = { userId: bot.userOf(bob), title: 'Made', shortName: 'made_by_Maker_Bot', stickers }
  await bot.fails('PACK_SHORT_NAME_INVALID', 'stickers.createStickerSet', { ...create, shortName: 'made_by_me' })
  await bot.fails('USER_ID_INVALID', 'stickers.createStickerSet', { ...create, userId: { _: 'inputUserSelf' } })
  await alice.fails('USER_ID_INVALID', 'stickers.createStickerSet', { ...create, userId: alice.userOf(bob) })
  const made = (await bot.call('stickers.createStickerSet', create)) as tl.messages_stickerSet
  const sets = async (who: typeof bob) => (await who.call('messages.getMyStickers', { offsetId: 0n, limit: 10 })).sets
  assert.deepEqual(
    (await sets(bob)).map((s) => [s.set.title, s.set.creator]),
    [['Made', true]],
  )
  assert.equal((await sets(alice)).length, 0)
  const stickerset = byName(made)
  await bot.call('stickers.addStickerToSet', { stickerset, sticker: await item(bot, FILES.tgs()) })
  assert.equal((await seen(alice, made)).set.count, 2)
  await alice.fails('STICKERSET_INVALID', 'stickers.renameStickerSet', { stickerset, title: 'Taken' })
  const media: tl.InputMedia = { _: 'inputMediaDocument', id: named(made.documents[0]!) }
  await bot.call('messages.sendMedia', { peer: bot.peerOf(bob), media, message: '', randomId: 7n })
  const told = await bob.updatesOf('updateNewMessage')
  assert.equal(((told.at(-1)!.message as tl.message).media as tl.messageMediaDocument)._, 'messageMediaDocument')
})
