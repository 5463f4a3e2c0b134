import assert from 'node:assert/strict'
import { test } from 'node:test'
import type * as tl from '../tl/gen/types.ts'
import { styleText } from './entities.ts'
import { findEntities } from './entities-find.ts'

/** Entities as `kind:text`, kinds without their prefix. */
function shown(text: string, entities: readonly tl.MessageEntity[] | undefined): string[] {
  return (entities ?? []).map((e) => `${e._.replace('messageEntity', '')}:${text.slice(e.offset, e.offset + e.length)}`)
}
const found = (text: string) => shown(text, findEntities(text))
const bold = (offset: number, length: number): tl.MessageEntity => ({ _: 'messageEntityBold', offset, length })
const italic = (offset: number, length: number): tl.MessageEntity => ({ _: 'messageEntityItalic', offset, length })
const code = (offset: number, length: number): tl.MessageEntity => ({ _: 'messageEntityCode', offset, length })
const quote = (offset: number, length: number): tl.MessageEntity => ({ _: 'messageEntityBlockquote', offset, length })
const link = (offset: number, length: number, url = 'https://example.com/'): tl.MessageEntity => ({
  _: 'messageEntityTextUrl',
  offset,
  length,
  url,
})

const FOUND: [text: string, ...entities: string[]][] = [
  ['nothing here'],
  ['hi @alice, and @bob_1!', 'Mention:@alice', 'Mention:@bob_1'],
  ['@gif cats, @abc no, mail@nowhere no', 'Mention:@gif'],
  ['(@durov) @durov_', 'Mention:@durov', 'Mention:@durov_'],
  ['@' + 'a'.repeat(33)],
  ['/start now', 'BotCommand:/start'],
  ['/start@some_bot now', 'BotCommand:/start@some_bot'],
  ['a/b and //x and </p>'],
  ['either/or /help.', 'BotCommand:/help'],
  ['#tag #two_words, #123 #1a', 'Hashtag:#tag', 'Hashtag:#two_words', 'Hashtag:#1a'],
  ['#тег и #日本語', 'Hashtag:#тег', 'Hashtag:#日本語'],
  ['#news@channel more', 'Hashtag:#news@channel'],
  ['$TON and $ABCDEFGH, $ton, $ABCDEFGHI', 'Cashtag:$TON', 'Cashtag:$ABCDEFGH'],
  ['US$TON'],
  ['example.com', 'Url:example.com'],
  ['see https://example.com/a?b=c#d.', 'Url:https://example.com/a?b=c#d'],
  ['(https://en.wikipedia.org/wiki/A_(b))', 'Url:https://en.wikipedia.org/wiki/A_(b)'],
  ['http://localhost/ and https://nowhere.invalid/'],
  ['run main.py, then README.md', 'Url:main.py', 'Url:README.md'],
  ['end.Of a sentence and so.on'],
  ['1.2.3 and 3.14 and 127.0.0.1:8080/x', 'Url:127.0.0.1:8080/x'],
  ['300.1.1.1'],
  ['пример.рф и xn--e1afmkfd.xn--p1ai/путь', 'Url:пример.рф', 'Url:xn--e1afmkfd.xn--p1ai/путь'],
  ['HTTPS://EXAMPLE.COM', 'Url:HTTPS://EXAMPLE.COM'],
  ['tg://resolve?domain=durov', 'Url:tg://resolve?domain=durov'],
  ['t.me/durov, @durov', 'Url:t.me/durov', 'Mention:@durov'],
  ['https://t.me/@durov#x', 'Url:https://t.me/@durov#x'],
  ['ftp://user:secret@example.com:21/f', 'Url:ftp://user:secret@example.com:21/f'],
  ['write to some.one+x@mail.example.com!', 'Email:some.one+x@mail.example.com'],
  ['a@b no, a@b.c no, a@b.cc', 'Email:a@b.cc'],
  ['call +1 (555) 010-9999 or +4420', 'Phone:+1 (555) 010-9999'],
  ['4242 4242 4242 4242', 'BankCard:4242 4242 4242 4242'],
  ['4242424242424241 and 1234567890123'],
  ['card 5555-5555-5555-4444.', 'BankCard:5555-5555-5555-4444'],
]

test('what the server finds in a text by itself', () => {
  for (const [text, ...entities] of FOUND) assert.deepEqual(found(text), entities, text)
})

test('finding is quick on hostile texts', () => {
  const pieces = [
    'a.',
    'a',
    '@',
    'a@',
    '#',
    '/',
    '$A',
    '+1',
    '1 ',
    'a-',
    '(',
    '://',
    'http://a.',
    '.',
    'ab.com/(',
    '1-',
    '\u200c#',
  ]
  const started = performance.now()
  for (const piece of pieces) findEntities(piece.repeat(4096 / piece.length))
  assert.ok(performance.now() - started < 1000, `${performance.now() - started} ms`)
})

test('texts are trimmed, and entities move along', () => {
  const { text, entities } = styleText(' \n hello\r\nworld \t', [bold(3, 5), italic(10, 7)])
  assert.equal(text, 'hello\nworld')
  assert.deepEqual(shown(text, entities), ['Bold:hello', 'Italic:world'])
  assert.equal(styleText('a\0b\x1fc\td', undefined).text, 'a b c\td')
  for (const empty of ['', '  \n', '\u200b\u2060', '\u00ad \u2800'])
    assert.equal(styleText(empty, undefined).text, '', JSON.stringify(empty))
})

test('texts are bounded after trimming', () => {
  const bounds = { length: 5, entities: 2, tooLong: 'MEDIA_CAPTION_TOO_LONG' } as const
  assert.equal(styleText('  12345  ', undefined, bounds).text, '12345')
  assert.throws(() => styleText('123456', undefined, bounds), { message: 'MEDIA_CAPTION_TOO_LONG' })
  assert.throws(() => styleText('x'.repeat(4097), undefined), { message: 'MESSAGE_TOO_LONG' })
  assert.equal(styleText('x'.repeat(4096), undefined).text.length, 4096)
  assert.equal(styleText('abc', [bold(0, 1), italic(1, 1), code(2, 1)], bounds).entities?.length, 2)
})

test('entities out of the text are refused, empty ones dropped', () => {
  for (const bad of [bold(-1, 2), bold(0, 4), bold(4, 1), bold(1, -1)]) {
    assert.throws(() => styleText('abc', [bad]), { message: 'ENTITY_BOUNDS_INVALID' })
  }
  assert.equal(styleText('abc', [bold(3, 0), bold(0, 0)]).entities, undefined)
  assert.equal(styleText('a   b', [bold(1, 3)]).entities, undefined, 'of nothing but space')
  assert.throws(() => styleText('abc', new Array(1001).fill(bold(0, 1))), { message: 'ENTITIES_TOO_LONG' })
})

test('lengths are in UTF-16 code units, and no character is cut in two', () => {
  const text = '😀a😀'
  assert.deepEqual(shown(text, styleText(text, [bold(0, 2), italic(3, 2)]).entities), ['Bold:😀', 'Italic:😀'])
  assert.equal(styleText(text, [bold(0, 1)]).entities, undefined)
  assert.throws(() => styleText(text, [bold(0, 6)]), { message: 'ENTITY_BOUNDS_INVALID' })
})

const NESTED: [what: string, entities: tl.MessageEntity[], expected: string[]][] = [
  ['the same kind grows together', [bold(0, 3), bold(2, 3), bold(5, 1)], ['Bold:012345']],
  ['kinds of style lie across each other', [bold(0, 4), italic(2, 4)], ['Bold:0123', 'Italic:2345']],
  ['code holds nothing', [code(2, 3), bold(0, 9), link(3, 1)], ['Bold:01', 'Code:234', 'Bold:5678']],
  ['the first code wins', [code(0, 4), code(2, 4)], ['Code:0123']],
  ['links do not share a character', [link(0, 4), link(3, 4), link(7, 2)], ['TextUrl:0123', 'TextUrl:78']],
  ['style in a link stays', [link(0, 4), bold(1, 2)], ['TextUrl:0123', 'Bold:12']],
  ['quotes are not nested', [quote(0, 8), quote(2, 3)], ['Blockquote:01234567']],
  [
    'quotes hold code and links',
    [quote(0, 8), code(1, 2), link(4, 2)],
    ['Blockquote:01234567', 'Code:12', 'TextUrl:45'],
  ],
  ['nothing whole crosses the edge of a quote', [quote(0, 4), link(2, 4), code(3, 3)], ['Blockquote:0123']],
  ['entities come in order, longer ones first', [bold(4, 1), italic(0, 2), bold(0, 4)], ['Bold:01234', 'Italic:01']],
  ['a link needs an address', [link(0, 2, ' ')], []],
]

test('entities are nested as they may be', () => {
  for (const [what, entities, expected] of NESTED) {
    assert.deepEqual(shown('0123456789', styleText('0123456789', entities).entities), expected, what)
  }
})

test('what is found gives way to code and links of the client, and lies within its styles', () => {
  const text = 'ask @alice or example.com'
  const styled = (...entities: tl.MessageEntity[]) => shown(text, styleText(text, entities).entities)
  assert.deepEqual(styled(), ['Mention:@alice', 'Url:example.com'])
  assert.deepEqual(styled(code(4, 6)), ['Code:@alice', 'Url:example.com'])
  assert.deepEqual(styled(link(0, 10)), ['TextUrl:ask @alice', 'Url:example.com'])
  assert.deepEqual(styled(bold(0, 10)), ['Bold:ask @alice', 'Mention:@alice', 'Url:example.com'])
  const claimed: tl.MessageEntity = { _: 'messageEntityMention', offset: 4, length: 6 }
  assert.deepEqual(styled(claimed), ['Mention:@alice', 'Url:example.com'])
  const untrue: tl.MessageEntity = { _: 'messageEntityMention', offset: 0, length: 3 }
  assert.deepEqual(styled(untrue), ['Mention:@alice', 'Url:example.com'])
})
