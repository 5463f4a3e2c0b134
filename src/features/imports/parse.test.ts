import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ExportDateError, parseExport } from './parse.ts'

const at = (text: string) => Date.parse(text) / 1000

test('WhatsApp on Android', () => {
  const parsed = parseExport(
    [
      '12/30/20, 9:05 PM - Messages and calls are end-to-end encrypted. No one outside of this chat can read them.',
      '12/30/20, 9:05 PM - Ann: Hello: you',
      'second line',
      '',
      '12/31/20, 12:01 AM - Ben: IMG-20201231-WA0001.jpg (file attached)',
      'a caption',
      '1/1/21, 8:00 AM - Ann: 10:30 - not a new message',
    ].join('\n'),
  )!
  assert.deepEqual([parsed.app, parsed.kind, parsed.title], ['whatsapp', 'pm', undefined])
  assert.deepEqual(parsed.messages, [
    { author: 'Ann', date: at('2020-12-30T21:05:00Z'), text: 'Hello: you\nsecond line', file: undefined },
    {
      author: 'Ben',
      date: at('2020-12-31T00:01:00Z'),
      text: 'IMG-20201231-WA0001.jpg (file attached)\na caption',
      file: 'IMG-20201231-WA0001.jpg',
    },
    { author: 'Ann', date: at('2021-01-01T08:00:00Z'), text: '10:30 - not a new message', file: undefined },
  ])
})

test('WhatsApp on iOS, a group', () => {
  const parsed = parseExport(
    [
      '[28/01/2021, 13:05:09] Trip: \u200eMessages and calls are end-to-end encrypted.',
      '[28/01/2021, 13:05:10] \u200eAnn created group “Trip”',
      '[28/01/2021, 13:06:00] Ann: hi',
      '\u200e[28/01/2021, 13:07:00] Ben: \u200e<attached: 00000012-PHOTO-2021-01-28.jpg>',
      '[01/02/2021, 13:07:00] Cat: bye',
    ].join('\r\n'),
  )!
  assert.deepEqual([parsed.kind, parsed.title], ['group', 'Trip'])
  assert.deepEqual(
    parsed.messages.map((m) => [m.author, m.date, m.text, m.file]),
    [
      ['Ann', at('2021-01-28T13:06:00Z'), 'hi', undefined],
      ['Ben', at('2021-01-28T13:07:00Z'), '<attached: 00000012-PHOTO-2021-01-28.jpg>', '00000012-PHOTO-2021-01-28.jpg'],
      ['Cat', at('2021-02-01T13:07:00Z'), 'bye', undefined],
    ],
  )
})

test('which of two numbers is the day is told by the order of the messages', () => {
  const days = (text: string) =>
    parseExport(text)!.messages.map((m) => new Date(m.date * 1000).toISOString().slice(0, 10))
  const dmy = '09/10/20, 10:00 - A: x\n01/11/20, 10:00 - A: y\n02/12/20, 10:00 - A: z'
  assert.deepEqual(days(dmy), ['2020-10-09', '2020-11-01', '2020-12-02'])
  const mdy = '09/10/20, 10:00 - A: x\n10/03/20, 10:00 - A: y\n11/02/20, 10:00 - A: z'
  assert.deepEqual(days(mdy), ['2020-09-10', '2020-10-03', '2020-11-02'])
  assert.deepEqual(days('2020-09-10, 10:00 - A: x'), ['2020-09-10'])
  assert.throws(() => parseExport('31/31/20, 10:00 - A: x'), ExportDateError)
})

test('LINE', () => {
  const parsed = parseExport(
    [
      '[LINE] Chat history with Ben',
      'Saved on: 2021/01/28, 12:34',
      '',
      '2021.01.27 Wednesday',
      '23:59\tAnn\tgood night',
      '2021/01/28(Thu)',
      '00:01\tBen\t"two',
      'lines"',
      '10:00 AM\t\tBen unsent a message.',
    ].join('\n'),
  )!
  assert.deepEqual([parsed.app, parsed.kind], ['line', 'pm'])
  assert.deepEqual(parsed.messages, [
    { author: 'Ann', date: at('2021-01-27T23:59:00Z'), text: 'good night' },
    { author: 'Ben', date: at('2021-01-28T00:01:00Z'), text: 'two\nlines' },
  ])
  const group = parseExport('[LINE] Chat history in Our group\nSaved on: 2021/01/28, 12:34\n')!
  assert.deepEqual([group.kind, group.title], ['group', 'Our group'])
  const bad = '[LINE] Chat history with Ben\nSaved on: x\n\n2021.13.27 Wednesday\n23:59\tAnn\tx'
  assert.throws(() => parseExport(bad), ExportDateError)
})

test('KakaoTalk, on telephones and computers, in English and Korean', () => {
  const phone = parseExport(
    [
      'KakaoTalk Chats with Ben',
      'Date Saved : Jan 28, 2021 at 12:34 PM',
      '',
      'January 27, 2021 at 9:00 PM',
      'January 27, 2021 at 9:01 PM, Ann : hello',
      'again',
      'January 27, 2021 at 9:02 PM, Ben : hi : you',
    ].join('\n'),
  )!
  assert.deepEqual([phone.app, phone.kind], ['kakaotalk', 'pm'])
  assert.deepEqual(phone.messages, [
    { author: 'Ann', date: at('2021-01-27T21:01:00Z'), text: 'hello\nagain' },
    { author: 'Ben', date: at('2021-01-27T21:02:00Z'), text: 'hi : you' },
  ])
  const korean = parseExport(
    [
      '여행 4 카카오톡 대화',
      '저장한 날짜 : 2021년 1월 28일 오후 1:00',
      '',
      '2021년 1월 27일 오후 9:01, 안 : 안녕',
    ].join('\n'),
  )!
  assert.deepEqual([korean.kind, korean.title], ['group', '여행'])
  assert.deepEqual(korean.messages, [{ author: '안', date: at('2021-01-27T21:01:00Z'), text: '안녕' }])
  const computer = parseExport(
    [
      'Ben 님과 카카오톡 대화',
      '저장한 날짜 : 2021-01-28 12:34:56',
      '',
      '--------------- 2021년 1월 27일 수요일 ---------------',
      '[Ann] [오전 12:05] 밤',
      '--------------- Thursday, January 28, 2021 ---------------',
      '[Ben] [1:05 PM] day',
    ].join('\n'),
  )!
  assert.deepEqual(
    computer.messages.map((m) => [m.author, m.date, m.text]),
    [
      ['Ann', at('2021-01-27T00:05:00Z'), '밤'],
      ['Ben', at('2021-01-28T13:05:00Z'), 'day'],
    ],
  )
})

test('anything else is no export', () => {
  for (const text of ['', '\n\n', 'Hello', '<html>', '[LINE]', 'KakaoTalk Chats with Ben\nnothing', '12:00 - A: x']) {
    assert.equal(parseExport(text), undefined, text)
  }
})
