import assert from 'node:assert/strict'
import { runCommand } from '../../src/admin.ts'
import { test } from '../harness/index.ts'
import { until } from './index.ts'
import { channel, type Plain, peer, user } from './plain.ts'
import { call, idOf, listed, play } from './scene.ts'

const DAY = 86_400

test('boosts of a supergroup, and what they free from, by every library', () =>
  play(91, async ({ me, other, server }) => {
    const create = { _: 'channels.createChannel', title: 'Boosted', about: '', megagroup: true }
    const group = idOf((await call(me, create)).chats[0])
    await call(me, { _: 'channels.inviteToChannel', channel: channel(group), users: [user(other.id)] })
    await listed(other, group)
    await runCommand(server.app, 'user premium', [String(other.id)])
    assert.equal((await call(other, { _: 'premium.getMyBoosts' })).myBoosts.length, 4)
    await call(me, { _: 'channels.setBoostsToUnblockRestrictions', channel: channel(group), boosts: 2 })
    await call(me, { _: 'channels.toggleSlowMode', channel: channel(group), seconds: 3600 })
    const given = await call(other, { _: 'premium.applyBoost', peer: peer(group), slots: [1, 2] })
    assert.equal(given.myBoosts.filter((boost: Plain) => boost.peer).length, 2)
    for (const text of ['one', 'two']) await other.say(group, text)
    const status = await call(me, { _: 'premium.getBoostsStatus', peer: peer(group) })
    assert.deepEqual([status.level, status.boosts], [2, 2])
    const list = await call(me, { _: 'premium.getBoostsList', peer: peer(group), offset: '', limit: 10 })
    assert.deepEqual([list.count, list.boosts.length], [2, 2])
    const his = await call(me, { _: 'premium.getUserBoosts', peer: peer(group), userId: user(other.id) })
    assert.equal(his.boosts.length, 2)
    const { fullChat } = await call(other, { _: 'channels.getFullChannel', channel: channel(group) })
    assert.deepEqual([fullChat.boostsApplied, fullChat.boostsUnrestrict], [2, 2])
    await server.clock.advance(10)
    const none = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 20, maxId: 0, minId: 0, hash: 0n }
    const told = async () =>
      (await call(me, { _: 'messages.getHistory', peer: peer(group), ...none })).messages.find(
        (m: Plain) => m.action?._ === 'messageActionBoostApply',
      )
    assert.equal((await until('the group is told', told)).action.boosts, 2)
  }))

test('statistics of a channel and of a supergroup, by every library', () =>
  play(92, async ({ me, other, server }) => {
    server.app.config.limits.statsMembers = 2
    const create = { _: 'channels.createChannel', title: 'Counted', about: '' }
    const news = idOf((await call(me, { ...create, broadcast: true })).chats[0])
    const group = idOf((await call(me, { ...create, megagroup: true })).chats[0])
    for (const at of [news, group]) {
      await call(me, { _: 'channels.inviteToChannel', channel: channel(at), users: [user(other.id)] })
      await listed(other, at)
    }
    await server.clock.advance(DAY)
    const post = await me.say(news, 'post')
    await call(other, { _: 'messages.getMessagesViews', peer: peer(news), id: [post], increment: true })
    await other.say(group, 'talk')
    const { fullChat } = await call(me, { _: 'channels.getFullChannel', channel: channel(news) })
    assert.equal(fullChat.canViewStats, true)
    const stats = await call(me, { _: 'stats.getBroadcastStats', channel: channel(news) })
    assert.deepEqual([stats.followers.current, stats.viewsPerPost.current], [2, 2])
    const growth = JSON.parse(stats.growthGraph.json.data)
    assert.deepEqual(growth.columns[1], ['y0', 2, 2])
    assert.equal(stats.viewsBySourceGraph._, 'statsGraphAsync')
    const sources = await call(me, { _: 'stats.loadAsyncGraph', token: stats.viewsBySourceGraph.token })
    assert.deepEqual(JSON.parse(sources.json.data).columns[1], ['y0', 0, 1])
    const one = await call(me, { _: 'stats.getMessageStats', channel: channel(news), msgId: post })
    assert.match(one.viewsGraph._, /^statsGraph/)
    const forwards = { _: 'stats.getMessagePublicForwards', channel: channel(news), msgId: post, offset: '', limit: 10 }
    assert.equal((await call(me, forwards)).count, 0)
    const talk = await call(me, { _: 'stats.getMegagroupStats', channel: channel(group) })
    assert.deepEqual([talk.messages.current, talk.posters.current], [1, 1])
    assert.equal(talk.topPosters[0].userId, other.id)
  }))

test('collectible usernames, and text messages sent for the server, by every library', () =>
  play(93, async ({ me, other, server }) => {
    const name = `gold_${me.library.slice(0, 8)}`
    await runCommand(server.app, 'username grant', [name, String(me.id), 'price=500'])
    await call(me, { _: 'account.toggleUsername', username: name, active: true })
    const found = await call(other, { _: 'contacts.resolveUsername', username: name })
    assert.equal(found.peer.userId, me.id)
    const collectible = { _: 'inputCollectibleUsername', username: name }
    assert.equal(Number((await call(other, { _: 'fragment.getCollectibleInfo', collectible })).amount), 500)
    Object.assign(server.app.config, { smsJobs: 'https://example.org/terms' })
    assert.ok((await call(me, { _: 'smsjobs.isEligibleToJoin' })).monthlySentSms > 0)
    await call(me, { _: 'smsjobs.join' })
    await call(me, { _: 'smsjobs.updateSettings', allowInternational: true })
    const texts = server.texts.length
    const code = { _: 'account.sendChangePhoneCode', phoneNumber: '491701234567', settings: { _: 'codeSettings' } }
    await call(other, code)
    assert.equal(server.texts.length, texts)
    assert.equal((await call(me, { _: 'smsjobs.getStatus' })).allowInternational, true)
    const row = await server.app.store.db.selectFrom('sms_job').select('id').executeTakeFirstOrThrow()
    const job = await call(me, { _: 'smsjobs.getSmsJob', jobId: row.id })
    assert.equal(job.phoneNumber, '+491701234567')
    await call(me, { _: 'smsjobs.finishJob', jobId: row.id })
    assert.equal((await call(me, { _: 'smsjobs.getStatus' })).totalSent, 1)
    await call(me, { _: 'smsjobs.leave' })
  }))
