import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Device, startTestServer } from '../../../test/harness/index.ts'
import { importLanguage } from '../../domain/languages.ts'
import { Context } from '../../rpc/context.ts'

test('an imported language is served whole, by key and as a difference', async () => {
  await using server = await startTestServer()
  const system = new Context(server.app, 0)
  const german = { name: 'German', nativeName: 'Deutsch', pluralCode: 'de' }
  const langPack = 'tdesktop'
  const device = await Device.open(server)
  await device.fails('LANG_CODE_NOT_SUPPORTED', 'langpack.getLangPack', { langPack, langCode: 'de' })
  const days = { one: '{count} Tag', other: '{count} Tage' }
  await system.transact((tx) =>
    importLanguage(tx, langPack, 'de', { ...german, strings: { hi: 'Hallo', bye: 'Bis bald', days } }),
  )

  const whole = await device.call('langpack.getLangPack', { langPack, langCode: 'de' })
  assert.equal(whole.version, 1)
  assert.deepEqual(
    whole.strings.map((s) => s.key),
    ['bye', 'days', 'hi'],
  )
  const strings = await device.call('langpack.getStrings', { langPack, langCode: 'de', keys: ['hi', 'no', 'days'] })
  assert.deepEqual(strings, [
    { _: 'langPackString', key: 'hi', value: 'Hallo' },
    { _: 'langPackStringDeleted', key: 'no' },
    { _: 'langPackStringPluralized', key: 'days', oneValue: '{count} Tag', otherValue: '{count} Tage' },
  ])

  const second = { ...german, strings: { hi: 'Moin', days } }
  const result = await system.transact((tx) => importLanguage(tx, langPack, 'de', second))
  assert.deepEqual(result, { version: 2, changed: 2 })
  const difference = await device.call('langpack.getDifference', { langPack, langCode: 'de', fromVersion: 1 })
  assert.deepEqual(difference.strings, [
    { _: 'langPackStringDeleted', key: 'bye' },
    { _: 'langPackString', key: 'hi', value: 'Moin' },
  ])
  assert.deepEqual([difference.fromVersion, difference.version], [1, 2])

  const [language] = await device.call('langpack.getLanguages', { langPack })
  assert.deepEqual([language?.nativeName, language?.stringsCount, language?.pluralCode], ['Deutsch', 2, 'de'])
  assert.deepEqual(await device.call('langpack.getLanguage', { langPack, langCode: 'de' }), language)
  assert.deepEqual(await device.call('langpack.getLanguages', { langPack: 'android' }), [])
  await device.fails('LANG_PACK_INVALID', 'langpack.getLanguages', { langPack: 'not a pack' })
})
