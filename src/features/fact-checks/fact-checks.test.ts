import assert from 'node:assert/strict'
import { Device, startTestServer, test } from '../../../test/harness/index.ts'
import { runCommand } from '../../admin.ts'
import { accessHash } from '../../domain/hashes.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'
import { historyOf, makeChannel } from '../channels/test-channel.ts'

const words = (text: string, entities: tl.MessageEntity[] = []): tl.textWithEntities => ({
  _: 'textWithEntities',
  text,
  entities,
})

test('a checker of facts says what is true of a post, and everybody who looks at it can read that', async () => {
  await using server = await startTestServer()
  const [alice, bob, carol] = await server.people('Alice', 'Bob', 'Carol')
  const channel = await makeChannel('channel', alice, bob, carol)
  const group = await makeChannel('group', alice, bob)
  const id = await alice.say(channel.peer(alice), 'the moon is made of cheese')
  const said = await bob.say(group.peer(bob), 'hello')
  await carol.updates()
  const edit = {
    peer: channel.peer(bob),
    msgId: id,
    text: words('It is rock.', [{ _: 'messageEntityBold', offset: 6, length: 4 }]),
  }
  await bob.fails('CHAT_ACTION_FORBIDDEN', 'messages.editFactCheck', edit)
  const config = async (who: typeof bob) =>
    JSON.stringify(await who.call('help.getAppConfig', { hash: 0 }), (_, v) => (typeof v === 'bigint' ? String(v) : v))
  const mayEdit = '"key":"can_edit_factcheck","value":{"_":"jsonBool","value":true}'
  assert.ok(!(await config(bob)).includes(mayEdit))
  assert.deepEqual(await runCommand(server.app, 'user factchecker', [String(bob.id)]), [
    `account ${bob.id} checks facts for everybody`,
  ])
  assert.ok((await config(bob)).includes(mayEdit))
  await bob.fails('PEER_ID_INVALID', 'messages.editFactCheck', { ...edit, peer: group.peer(bob), msgId: said })
  await bob.fails('MESSAGE_ID_INVALID', 'messages.editFactCheck', { ...edit, msgId: 99 })
  await bob.fails('MESSAGE_TOO_LONG', 'messages.editFactCheck', { ...edit, text: words('x'.repeat(1025)) })
  await bob.call('messages.editFactCheck', edit)
  const [update] = await carol.updatesOf('updateEditChannelMessage')
  const told = (update!.message as tl.message).factcheck!
  assert.equal(told.needCheck, true)
  const [seen] = await carol.call('messages.getFactCheck', { peer: channel.peer(carol), msgId: [id] })
  assert.deepEqual([seen!.hash, seen!.text!.text], [told.hash, 'It is rock.'])
  assert.equal(seen!.text!.entities[0]!._, 'messageEntityBold')
  // The author may go on editing; what was found out stays until it is taken back.
  await alice.call('messages.editMessage', { peer: channel.peer(alice), id, message: 'the moon is cheese' })
  assert.equal((await historyOf(carol, channel)).find((m) => m.id === id)!.factcheck!.hash, told.hash)
  await bob.call('messages.editFactCheck', { ...edit, text: words('Rock and dust.') })
  const [again] = await carol.call('messages.getFactCheck', { peer: channel.peer(carol), msgId: [id] })
  assert.notEqual(again!.hash, told.hash)
  await carol.fails('CHAT_ACTION_FORBIDDEN', 'messages.deleteFactCheck', { peer: channel.peer(carol), msgId: id })
  await bob.call('messages.deleteFactCheck', { peer: channel.peer(bob), msgId: id })
  assert.equal((await historyOf(carol, channel)).find((m) => m.id === id)!.factcheck, undefined)
  const none = await carol.call('messages.getFactCheck', { peer: channel.peer(carol), msgId: [id, 77] })
  assert.deepEqual(none, [
    { _: 'factCheck', hash: 0n },
    { _: 'factCheck', hash: 0n },
  ])
  await runCommand(server.app, 'user factchecker', [String(bob.id), 'off'])
  await bob.fails('CHAT_ACTION_FORBIDDEN', 'messages.editFactCheck', edit)
  await assert.rejects(() => runCommand(server.app, 'user factchecker', [String(bob.id), 'France']), /two letters/)
})

test('what was found out for one country is shown to accounts with its numbers', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await runCommand(server.app, 'user create', ['33612345678', 'Claude'])
  const device = await Device.open(server)
  const phoneNumber = '33612345678'
  const settings = { _: 'codeSettings' as const }
  const { phoneCodeHash } = (await device.call('auth.sendCode', {
    phoneNumber,
    apiId: 4,
    apiHash: 'x',
    settings,
  })) as tl.auth_sentCode
  const phoneCode = server.texts.at(-1)!.code
  const auth = (await device.call('auth.signIn', { phoneNumber, phoneCodeHash, phoneCode })) as tl.auth_authorization
  const channel = await makeChannel('channel', alice, bob)
  await alice.call('channels.updateUsername', { channel: channel.of(alice), username: 'facts_for_all' })
  const id = await alice.say(channel.peer(alice), 'claim')
  await runCommand(server.app, 'user factchecker', [String(bob.id), 'fr'])
  await bob.call('messages.editFactCheck', { peer: channel.peer(bob), msgId: id, text: words('Faux.') })
  const hash = accessHash(new Context(server.app, auth.user.id), 'channel', channel.id)
  const peer = { _: 'inputPeerChannel' as const, channelId: channel.id, accessHash: hash }
  const [french] = await device.call('messages.getFactCheck', { peer, msgId: [id] })
  assert.deepEqual([french!.country, french!.text?.text], ['FR', 'Faux.'])
  const [other] = await bob.call('messages.getFactCheck', { peer: channel.peer(bob), msgId: [id] })
  assert.equal(other!.hash, 0n)
})
