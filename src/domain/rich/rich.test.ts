import assert from 'node:assert/strict'
import { test } from 'node:test'
import type * as tl from '../../tl/gen/types.ts'
import { plainOfRich } from '../../tl/index.ts'
import { checkBlocks } from './check.ts'
import { readRichHtml } from './html.ts'
import { markdownToHtml } from './markdown.ts'

const max = { length: 32_768, blocks: 500, depth: 16, media: 50, columns: 20 }
const given = { photos: new Map(), documents: new Map(), users: new Set([12]), autolink: true }

async function fromHtml(html: string, autolink = true): Promise<tl.PageBlock[]> {
  const read = await readRichHtml(html)
  return checkBlocks(
    read.blocks(() => undefined),
    { ...given, autolink },
    max,
  ).kept
}
const fromMarkdown = (markdown: string, autolink = true) => fromHtml(markdownToHtml(markdown), autolink)
const plain = (text: string): tl.textPlain => ({ _: 'textPlain', text })
const texts = (...list: tl.RichText[]): tl.textConcat => ({ _: 'textConcat', texts: list })
const paragraph = (text: tl.RichText): tl.PageBlock => ({ _: 'pageBlockParagraph', text })

test('styles of Markdown and HTML lie in each other', async () => {
  const styled = texts(
    { _: 'textBold', text: texts(plain('a '), { _: 'textItalic', text: plain('b') }) },
    plain(' '),
    { _: 'textStrike', text: plain('c') },
    plain(' '),
    { _: 'textMarked', text: plain('d') },
    plain(' '),
    { _: 'textSpoiler', text: plain('e') },
    plain(' '),
    { _: 'textFixed', text: plain('f*g') },
    plain(' '),
    { _: 'textUnderline', text: plain('h') },
  )
  assert.deepEqual(await fromMarkdown('**a _b_** ~~c~~ ==d== ||e|| `f*g` <u>h</u>'), [paragraph(styled)])
  const html = '<b>a <i>b</i></b> <s>c</s> <mark>d</mark> <tg-spoiler>e</tg-spoiler> <code>f*g</code> <ins>h</ins>'
  assert.deepEqual(await fromHtml(html), [paragraph(styled)])
  // Signs that style nothing are signs.
  for (const text of ['2 * 3 * 4', 'snake_case_name', 'a ** b', '5$ and 6$', '\\*no\\*', '[x] (y)', 'a < b > c & d']) {
    const [only] = await fromMarkdown(text)
    assert.equal(plainOfRich({ blocks: [only!] }), text.replaceAll('\\', ''))
    assert.equal((only as tl.pageBlockParagraph).text._, 'textPlain', text)
  }
})

test('links lead to pages, mailboxes, phones, people and places in the message', async () => {
  const [only] = await fromMarkdown(
    '[a](https://a.org/x_(y)) [b](mailto:b@c.org) [d](tel:+123) [e](tg://user?id=12) [f](tg://user?id=13) [g](#h)',
  )
  assert.deepEqual(
    only,
    paragraph(
      texts(
        { _: 'textUrl', text: plain('a'), url: 'https://a.org/x_(y)', webpageId: 0n },
        plain(' '),
        { _: 'textEmail', text: plain('b'), email: 'b@c.org' },
        plain(' '),
        { _: 'textPhone', text: plain('d'), phone: '+123' },
        plain(' '),
        { _: 'textMentionName', text: plain('e'), userId: 12 },
        plain(' f '),
        { _: 'textUrl', text: plain('g'), url: '#h', webpageId: 0n },
      ),
    ),
  )
  assert.deepEqual(await fromHtml('<a name="h"></a><p>x</p>'), [
    { _: 'pageBlockAnchor', name: 'h' },
    paragraph(plain('x')),
  ])
})

test('emoji, dates and formulas are written like pictures and money', async () => {
  const [only] = await fromMarkdown('![👍](tg://emoji?id=5) ![soon](tg://time?unix=1647531900&format=wDT) $x^2$')
  assert.deepEqual(
    only,
    paragraph(
      texts(
        { _: 'textCustomEmoji', documentId: 5n, alt: '👍' },
        plain(' '),
        {
          _: 'textDate',
          relative: undefined,
          shortTime: undefined,
          longTime: true,
          shortDate: undefined,
          longDate: true,
          dayOfWeek: true,
          text: plain('soon'),
          date: 1_647_531_900,
        },
        plain(' '),
        { _: 'textMath', source: 'x^2' },
      ),
    ),
  )
  const math = { _: 'pageBlockMath', source: 'E = mc^2' }
  assert.deepEqual(await fromMarkdown('$$E = mc^2$$\n\n```math\nE = mc^2\n```\n\n$$\nE = mc^2\n$$'), [math, math, math])
})

test('names, tags, addresses and numbers are found, unless they are not to be', async () => {
  const text = '#tag @bobby t.me'
  const found = texts(
    { _: 'textHashtag', text: plain('#tag') },
    plain(' '),
    { _: 'textMention', text: plain('@bobby') },
    plain(' '),
    { _: 'textAutoUrl', text: plain('t.me') },
  )
  assert.deepEqual(await fromHtml(text), [paragraph(found)])
  assert.deepEqual(await fromHtml(text, false), [paragraph(plain(text))])
  assert.deepEqual(await fromHtml('<code>#tag</code>'), [paragraph({ _: 'textFixed', text: plain('#tag') })])
})

test('lists nest, count, and can be ticked off', async () => {
  const [list] = await fromMarkdown('- a\n  - b\n- [x] c\n- [ ] d')
  assert.deepEqual((list as tl.pageBlockList).items, [
    {
      _: 'pageListItemBlocks',
      blocks: [paragraph(plain('a')), { _: 'pageBlockList', items: [{ _: 'pageListItemText', text: plain('b') }] }],
    },
    { _: 'pageListItemText', checkbox: true, checked: true, text: plain('c') },
    { _: 'pageListItemText', checkbox: true, text: plain('d') },
  ])
  const labels = async (html: string) =>
    ((await fromHtml(html))[0] as tl.pageBlockOrderedList).items.map((item) => item.num)
  assert.deepEqual(await labels('<ol start="3"><li>a</li><li>b</li></ol>'), ['3', '4'])
  assert.deepEqual(await labels('<ol type="i" reversed><li>a</li><li>b</li><li>c</li><li>d</li></ol>'), [
    ...['iv', 'iii', 'ii', 'i'],
  ])
  assert.deepEqual(await labels('<ol type="A" start="26"><li>a</li><li>b</li></ol>'), ['Z', 'AA'])
  assert.deepEqual(await labels('<ol><li value="7" type="i">a</li><li>b</li></ol>'), ['vii', '8'])
})

test('quotes, tables, details, code and maps', async () => {
  assert.deepEqual(await fromMarkdown('> a\nb\n>\n> c'), [
    {
      _: 'pageBlockBlockquoteBlocks',
      blocks: [paragraph(plain('a b')), paragraph(plain('c'))],
      caption: { _: 'textEmpty' },
    },
  ])
  assert.deepEqual(await fromHtml('<aside>said<cite>who</cite></aside>'), [
    { _: 'pageBlockPullquote', text: plain('said'), caption: plain('who') },
  ])
  const [table] = await fromMarkdown('| a | b |\n|:-:|--:|\n| `x|y` | ||z|| |')
  const { rows } = table as tl.pageBlockTable
  assert.deepEqual(
    rows[1]!.cells,
    [
      { _: 'pageTableCell', alignCenter: true, text: { _: 'textFixed', text: plain('x|y') } },
      { _: 'pageTableCell', alignRight: true, text: { _: 'textSpoiler', text: plain('z') } },
    ].map((cell) => ({
      ...Object.fromEntries(Object.keys(rows[1]!.cells[0]!).map((key) => [key, undefined])),
      ...cell,
    })),
  )
  const [details] = await fromMarkdown('<details open><summary>**S**</summary>\n\n# in\n\n</details>')
  assert.deepEqual(details, {
    _: 'pageBlockDetails',
    open: true,
    blocks: [{ _: 'pageBlockHeading1', text: plain('in') }],
    title: { _: 'textBold', text: plain('S') },
  })
  const [code] = await fromMarkdown('```ts\nif (a < b) {\n    c()\n}\n```')
  assert.deepEqual(code, {
    _: 'pageBlockPreformatted',
    text: plain('if (a < b) {\n    c()\n}'),
    language: 'ts',
  })
  const [map] = await fromHtml(
    '<figure><tg-map lat="41.9" long="12.5" zoom="14"/><figcaption>here</figcaption></figure>',
  )
  const { geo, zoom, caption } = map as tl.pageBlockMap
  assert.deepEqual(
    [geo, zoom, caption.text],
    [{ _: 'geoPoint', lat: 41.9, long: 12.5, accessHash: 0n }, 14, plain('here')],
  )
})

test('footnotes stand at the end, under their numbers', async () => {
  const blocks = await fromMarkdown('one[^a] two[^b] three[^none]\n\n[^b]: second\n[^a]: *first*')
  assert.equal(plainOfRich({ blocks }), 'one2 two1 three[^none]\n1. second\n2. first')
  const [, second] = blocks
  assert.deepEqual(
    (second as tl.pageBlockParagraph).text,
    texts(plain('1. '), { _: 'textAnchor', text: plain('second'), name: 'note-1' }),
  )
})

test('nothing that is written takes long', async () => {
  const lines = [
    '[',
    '![',
    '*',
    '**a ',
    '_a',
    '`` ` ',
    '$ a',
    '<a ',
    `# ${' '.repeat(9000)}`,
    `\`\`\`${' '.repeat(9000)}\``,
  ]
  const more = [
    '> ',
    '- ',
    `|-${' '.repeat(5000)}`,
    '\n$$',
    '[[a](b)](c)',
    'b~ *a ',
    '<b>',
    '&',
    '\\',
    '[^1]: a\n[^1] ',
  ]
  for (const one of [...lines, ...more]) {
    const started = performance.now()
    const text = one.repeat(Math.ceil(98_304 / one.length)).slice(0, 98_304)
    await readRichHtml(markdownToHtml(text)).then(
      (read) => read.blocks(() => undefined),
      () => undefined,
    )
    const ms = performance.now() - started
    assert.ok(ms < 5000, `${JSON.stringify(one.slice(0, 10))} took ${Math.round(ms)} ms`)
  }
})
