import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startTestServer, test } from '../../../test/harness/index.ts'
import type * as tl from '../../tl/gen/types.ts'
import { fromHtml, toHtml } from './html.ts'

interface Asked {
  q: string[]
  source: string
  target: string
  format: string
  api_key?: string
}

/** A LibreTranslate that writes words backwards, and leaves tags and what is not to be translated alone. */
async function translator(answer?: (asked: Asked) => { status: number; body: object } | undefined) {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const body = JSON.parse(Buffer.concat(parts).toString()) as Asked
    asked.push(body)
    const own = answer?.(body)
    const turned = body.q.map((html) =>
      html.replace(/(?<=^|>)[^<]+/g, (text) => text.replace(/\S.*\S/, (words) => words.split(' ').reverse().join(' '))),
    )
    response.writeHead(own?.status ?? (request.url === '/translate' ? 200 : 404), {
      'content-type': 'application/json',
    })
    response.end(JSON.stringify(own?.body ?? { translatedText: turned }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const plain = (text: string, entities: tl.MessageEntity[] = []): tl.textWithEntities => ({
  _: 'textWithEntities',
  text,
  entities,
})

test('entities stand where their words have come to stand', async () => {
  const text = plain('a <bold> word & `code`', [
    { _: 'messageEntityBold', offset: 2, length: 6 },
    { _: 'messageEntityItalic', offset: 5, length: 8 },
    { _: 'messageEntityCode', offset: 16, length: 6 },
  ])
  assert.deepEqual(fromHtml(toHtml(text), text), text)
  const turned = fromHtml('<span id="2">чужое</span>\n<span id="0">жирное &lt;слово&gt;</span><br>и', text)
  assert.equal(turned.text, '`code`\nжирное <слово>\nи')
  assert.deepEqual(turned.entities, [
    { _: 'messageEntityCode', offset: 0, length: 6 },
    { _: 'messageEntityBold', offset: 7, length: 14 },
  ])
  assert.deepEqual(fromHtml('<span id="7">x</span></span> < y<span id="0">', text), plain('x < y'))
})

test('messages and texts are translated with their entities', async () => {
  await using libre = await translator()
  await using server = await startTestServer({ settings: { translateUrl: `${libre.url}/?api_key=secret` } })
  const [alice, bob] = await server.people('Alice', 'Bob')
  const sent = (await alice.call('messages.sendMessage', {
    peer: alice.peerOf(bob),
    message: 'good morning dear Bob',
    entities: [{ _: 'messageEntityBold', offset: 5, length: 12 }],
    randomId: 5n,
  })) as tl.updateShortSentMessage
  const say = await alice.say(bob, 'see you')
  const peer = alice.peerOf(bob)
  const found = await alice.call('messages.translateText', { peer, id: [sent.id, say], toLang: 'de' })
  assert.deepEqual(found.result, [
    plain('good dear morning Bob', [{ _: 'messageEntityBold', offset: 5, length: 12 }]),
    plain('you see'),
  ])
  const [asked] = libre.asked
  assert.deepEqual([asked!.source, asked!.target, asked!.format, asked!.api_key], ['auto', 'de', 'html', 'secret'])
  const text = [plain('one two'), plain('')]
  const given = await alice.call('messages.translateText', { text, toLang: 'fr' })
  assert.deepEqual(given.result, [plain('two one'), plain('')])
  await bob.fails('MSG_ID_INVALID', 'messages.translateText', { peer: bob.peerOf(alice), id: [999], toLang: 'de' })
  await alice.fails('TO_LANG_INVALID', 'messages.translateText', { text, toLang: 'Deutsch!' })
  await alice.fails('INPUT_TEXT_EMPTY', 'messages.translateText', { text: [plain('')], toLang: 'de' })
  await alice.fails('INPUT_TEXT_TOO_LONG', 'messages.translateText', { text: [plain('x'.repeat(5000))], toLang: 'de' })
})

test('what the translator refuses has its error; a region falls back to its language', async () => {
  await using libre = await translator(({ target, q }) => {
    if (target === 'pt-BR') return { status: 400, body: { error: 'pt-BR is not supported' } }
    if (target === 'pt') return undefined
    if (target === 'xx') return { status: 400, body: { error: 'xx is not supported' } }
    if (target === 'fr') return { status: 429, body: { error: 'Slowdown' } }
    return q[0] === 'odd' ? { status: 200, body: { translatedText: 'no list' } } : { status: 500, body: {} }
  })
  await using server = await startTestServer({
    settings: { translateUrl: libre.url },
    undocumented: ['messages.translateText TRANSLATE_REQ_FAILED'],
  })
  const [alice] = await server.people('Alice')
  const text = [plain('a b')]
  assert.deepEqual((await alice.call('messages.translateText', { text, toLang: 'pt-BR' })).result, [plain('b a')])
  await alice.fails('TO_LANG_INVALID', 'messages.translateText', { text, toLang: 'xx' })
  await alice.fails('TRANSLATE_REQ_QUOTA_EXCEEDED', 'messages.translateText', { text, toLang: 'fr' })
  await alice.fails('TRANSLATE_REQ_FAILED', 'messages.translateText', { text, toLang: 'de' })
  await alice.fails('TRANSLATE_REQ_FAILED', 'messages.translateText', { text: [plain('odd')], toLang: 'de' })
})

test('without a translator there is none; a chat remembers that translations are not wanted', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await alice.fails('TRANSLATIONS_DISABLED', 'messages.translateText', { text: [plain('a')], toLang: 'de' })
  const disabled = async () => {
    const { fullUser } = await alice.call('users.getFullUser', { id: alice.userOf(bob) })
    return fullUser.translationsDisabled
  }
  assert.equal(await disabled(), undefined)
  await alice.call('messages.togglePeerTranslations', { peer: alice.peerOf(bob), disabled: true })
  assert.equal(await disabled(), true)
  await alice.call('messages.togglePeerTranslations', { peer: alice.peerOf(bob), disabled: true })
  await alice.call('messages.togglePeerTranslations', { peer: alice.peerOf(bob) })
  assert.equal(await disabled(), undefined)
  const made = await alice.call('messages.createChat', { title: 'Group', users: [alice.userOf(bob)] })
  const chat = (made.updates as tl.updates).chats[0]!
  await alice.call('messages.togglePeerTranslations', { peer: { _: 'inputPeerChat', chatId: chat.id }, disabled: true })
  const full = async (who: typeof alice) => (await who.call('messages.getFullChat', { chatId: chat.id })).fullChat
  assert.equal(((await full(alice)) as tl.chatFull).translationsDisabled, true)
  assert.equal(((await full(bob)) as tl.chatFull).translationsDisabled, undefined)
})

test('rich messages are translated text by text, with their blocks and styles', async () => {
  await using libre = await translator()
  await using server = await startTestServer({ settings: { translateUrl: libre.url } })
  const [alice, bob] = await server.people('Alice', 'Bob')
  await server.app.store.transact((trx) =>
    trx.updateTable('user').set({ premium: 1 }).where('id', '=', alice.id).execute(),
  )
  const markdown = '# good morning\n\n- see **you there** soon\n\n```js\nlet it be\n```\n\n| a b | `c d` |\n|-|-|'
  const input: tl.InputRichMessage = { _: 'inputRichMessageMarkdown', markdown }
  await alice.call('messages.sendMessage', {
    ...{ peer: alice.peerOf(bob), message: '', richMessage: input, randomId: 5n },
  })
  const [update] = await bob.updatesOf('updateNewMessage')
  const peer = bob.peerOf(alice)
  const ask = { peer, id: [update!.message.id], toLang: 'de' }
  const { result } = await bob.call('messages.translateRichMessage', ask)
  const text = (said: string): tl.RichText => ({ _: 'textPlain', text: said })
  const [heading, list, code, table] = result[0]!.blocks
  assert.deepEqual(heading, { _: 'pageBlockHeading1', text: text('morning good') })
  assert.deepEqual((list as tl.pageBlockList).items, [
    {
      _: 'pageListItemText',
      text: {
        _: 'textConcat',
        texts: [text('see '), { _: 'textBold', text: text('there you') }, text(' soon')],
      },
    },
  ])
  assert.deepEqual((code as tl.pageBlockPreformatted).text, text('let it be'))
  assert.deepEqual(
    (table as tl.pageBlockTable).rows[0]!.cells.map((cell) => cell.text),
    [text('b a'), { _: 'textFixed', text: text('c d') }],
  )
  const given = await bob.call('messages.translateRichMessage', { text: [input], toLang: 'de' })
  assert.deepEqual(given.result, result)
  const plainId = await bob.say(alice, 'plain')
  await bob.fails('MSG_ID_INVALID', 'messages.translateRichMessage', { ...ask, id: [plainId] })
  await bob.fails('MSG_ID_INVALID', 'messages.translateRichMessage', { ...ask, id: [] })
  await bob.fails('TO_LANG_INVALID', 'messages.translateRichMessage', { ...ask, toLang: 'Deutsch!' })
  await bob.fails('INPUT_TEXT_EMPTY', 'messages.translateRichMessage', { text: [], toLang: 'de' })
  await bob.fails('INPUT_TEXT_EMPTY', 'messages.translateRichMessage', { toLang: 'de' })
  await using deaf = await startTestServer()
  const [carol] = await deaf.people('Carol')
  await carol.fails('TRANSLATIONS_DISABLED', 'messages.translateRichMessage', { text: [input], toLang: 'de' })
})
