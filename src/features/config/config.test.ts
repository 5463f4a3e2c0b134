import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Device, startTestServer } from '../../../test/harness/index.ts'
import { setSetting } from '../../domain/settings.ts'
import { Context } from '../../rpc/context.ts'
import type * as tl from '../../tl/gen/types.ts'

test('help.getConfig sends every data centre to this server, before anybody signed in', async () => {
  await using server = await startTestServer({ settings: { advertise: '203.0.113.7:4567', dc: 4 } })
  const device = await Device.open(server)
  const config = await device.call('help.getConfig', {})
  assert.equal(config.thisDc, 4)
  assert.deepEqual(new Set(config.dcOptions.map((d) => `${d.ipAddress}:${d.port}`)), new Set(['203.0.113.7:4567']))
  assert.deepEqual(
    config.dcOptions.map((d) => d.id),
    [1, 2, 3, 4, 5],
  )
  assert.equal(config.date, Math.floor(server.clock.now() / 1000))
  const nearest = await device.call('help.getNearestDc', {})
  assert.deepEqual([nearest.thisDc, nearest.nearestDc], [4, 4])
})

test('help.getAppConfig tells the limits in force, and that nothing changed', async () => {
  await using server = await startTestServer({ settings: { limits: { pinnedDialogs: 7 } } })
  const device = await Device.open(server)
  const answer = await device.call('help.getAppConfig', { hash: 0 })
  assert.equal(answer._, 'help.appConfig')
  const { config, hash } = answer as tl.help_appConfig
  const pinned = (config as tl.jsonObject).value.find((v) => v.key === 'dialogs_pinned_limit_default')
  assert.deepEqual(pinned?.value, { _: 'jsonNumber', value: 7 })
  assert.deepEqual(await device.call('help.getAppConfig', { hash }), { _: 'help.appConfigNotModified' })
})

test('translations and transcriptions are offered where the operator has named who makes them', async () => {
  const told = async (settings: Parameters<typeof startTestServer>[0]) => {
    await using server = await startTestServer(settings)
    const device = await Device.open(server)
    const { config } = (await device.call('help.getAppConfig', { hash: 0 })) as tl.help_appConfig
    const of = (key: string) => {
      const value = (config as tl.jsonObject).value.find((v) => v.key === key)?.value
      return value?._ === 'jsonString' || value?._ === 'jsonNumber' ? value.value : undefined
    }
    return [
      of('translations_manual_enabled'),
      of('translations_auto_enabled'),
      of('transcribe_audio_trial_weekly_number'),
    ]
  }
  assert.deepEqual(await told({}), ['disabled', 'disabled', 0])
  const settings = { translateUrl: 'http://127.0.0.1:1', transcribeUrl: 'http://127.0.0.1:1' }
  const [manual, auto, weekly] = await told({ settings })
  assert.deepEqual([manual, auto], ['enabled', 'enabled'])
  assert.ok((weekly as number) > 1000)
  const few = await told({ settings: { ...settings, limits: { transcriptionTrials: 2 } } })
  assert.equal(few[2], 2)
})

test('help.getCountriesList names countries in the language asked for and groups their numbers', async () => {
  await using server = await startTestServer()
  const device = await Device.open(server)
  const list = (await device.call('help.getCountriesList', { langCode: 'de', hash: 0 })) as tl.help_countriesList
  const france = list.countries.find((c) => c.iso2 === 'FR')!
  assert.deepEqual([france.defaultName, france.name], ['France', 'Frankreich'])
  assert.deepEqual(france.countryCodes[0], { _: 'help.countryCode', countryCode: '33', patterns: ['X XX XX XX XX'] })
  assert.ok(list.countries.length > 200)
  const again = await device.call('help.getCountriesList', { langCode: 'de', hash: list.hash })
  assert.equal(again._, 'help.countriesListNotModified')
  const odd = (await device.call('help.getCountriesList', { langCode: '../x', hash: 0 })) as tl.help_countriesList
  assert.equal(odd.countries.find((c) => c.iso2 === 'FR')?.name, undefined)
})

test('help.getTimezonesList gives offsets of the season', async () => {
  await using server = await startTestServer()
  const alice = await server.person('Alice')
  const list = (await alice.call('help.getTimezonesList', { hash: 0 })) as tl.help_timezonesList
  assert.equal(list.timezones.find((t) => t.id === 'Europe/Berlin')?.utcOffset, 3600)
  assert.equal(list.timezones.find((t) => t.id === 'Asia/Tokyo')?.utcOffset, 32_400)
  assert.equal((await alice.call('help.getTimezonesList', { hash: list.hash }))._, 'help.timezonesListNotModified')
  await server.clock.advance(182 * 86_400)
  const summer = (await alice.call('help.getTimezonesList', { hash: list.hash })) as tl.help_timezonesList
  assert.equal(summer.timezones.find((t) => t.id === 'Europe/Berlin')?.utcOffset, 7200)
})

test('a dismissed suggestion is told to the account, and to nobody else', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  const phone = await alice.device()
  await alice.call('help.dismissSuggestion', { peer: { _: 'inputPeerEmpty' }, suggestion: 'SETUP_PASSWORD' })
  await alice.call('help.dismissSuggestion', { peer: { _: 'inputPeerEmpty' }, suggestion: 'SETUP_PASSWORD' })
  const promo = (await phone.call('help.getPromoData', {})) as tl.help_promoData
  assert.deepEqual(promo.dismissedSuggestions, ['SETUP_PASSWORD'])
  assert.deepEqual(((await bob.call('help.getPromoData', {})) as tl.help_promoData).dismissedSuggestions, [])
  await alice.fails('LIMIT_INVALID', 'help.dismissSuggestion', { peer: { _: 'inputPeerEmpty' }, suggestion: '' })
  assert.equal(await alice.call('help.hidePromoData', { peer: alice.peerOf(bob) }), true)
})

test('support staff keep notes of users; others may not', async () => {
  await using server = await startTestServer()
  const [alice, bob] = await server.people('Alice', 'Bob')
  await alice.fails('USER_INVALID', 'help.getSupportName', {})
  await alice.fails('USER_INVALID', 'help.getUserInfo', { userId: alice.userOf(bob) })
  await alice.fails('NOT_IMPLEMENTED', 'help.getSupport', {})
  await server.app.store.transact((trx) =>
    trx.updateTable('user').set({ support: 1 }).where('id', '=', alice.id).execute(),
  )
  assert.equal((await alice.call('help.getSupportName', {})).name, 'Alice')
  const entities: tl.MessageEntity[] = [{ _: 'messageEntityBold', offset: 0, length: 4 }]
  await alice.call('help.editUserInfo', { userId: alice.userOf(bob), message: 'nice fellow', entities })
  const note = (await alice.call('help.getUserInfo', { userId: alice.userOf(bob) })) as tl.help_userInfo
  assert.deepEqual([note.message, note.author, note.entities], ['nice fellow', 'Alice', entities])
  await alice.fails('ENTITY_BOUNDS_INVALID', 'help.editUserInfo', {
    userId: alice.userOf(bob),
    message: 'x',
    entities: [{ _: 'messageEntityBold', offset: 0, length: 9 }],
  })
  const support = await bob.call('help.getSupport', {})
  assert.equal(support.user.id, alice.id)
})

test('the text of invitations is the operator’s', async () => {
  await using server = await startTestServer()
  const alice = await server.person('Alice')
  assert.match((await alice.call('help.getInviteText', {})).message, /Join me/)
  await new Context(server.app, 0).transact((tx) => setSetting(tx, 'invite_text', 'Come here'))
  assert.equal((await alice.call('help.getInviteText', {})).message, 'Come here')
  assert.equal((await alice.call('help.getAppUpdate', { source: '' }))._, 'help.noAppUpdate')
  const event: tl.inputAppEvent = { _: 'inputAppEvent', time: 1, type: 'start', peer: 0n, data: { _: 'jsonNull' } }
  assert.equal(await alice.call('help.saveAppLog', { events: [event] }), true)
  await alice.fails('LIMIT_INVALID', 'help.saveAppLog', { events: Array(101).fill(event) })
})
