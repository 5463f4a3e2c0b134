import assert from 'node:assert/strict'
import { test } from 'node:test'
import type * as tl from '../../tl/gen/types.ts'
import { LATEST_LAYER, readObject, writeObject } from '../../tl/index.ts'
import { type ArticleDraft, readArticle } from './article.ts'
import { parsePage } from './parse.ts'

const URL = 'https://example.com/posts/one'
const PROSE = `<p>${'A sentence of some words that stands for the text of an article. '.repeat(6)}</p>`
const read = (html: string) => readArticle(html, URL, parsePage(html, URL))
const body = async (inner: string): Promise<tl.PageBlock[]> => {
  const draft = await read(`<title>T</title><article>${inner}${PROSE}</article>`)
  assert.ok(draft)
  // Without the title and the prose that makes it an article.
  return draft.blocks.slice(1, -1)
}
const plain = (text: string): tl.RichText => ({ _: 'textPlain', text })
const none: tl.RichText = { _: 'textEmpty' }
const nothing: tl.pageCaption = { _: 'pageCaption', text: none, credit: none }

test('an article is what a page says it is, or what holds most of its text', async () => {
  assert.ok(await read(`<article>${PROSE}</article>`))
  assert.ok(await read(`<div><article>${PROSE}</article><article><p>${'x'.repeat(100)}</p></article></div>`))
  assert.ok(await read(`<div><div itemprop="articleBody">${PROSE}</div></div>`))
  const said = '<meta property="og:type" content="article">'
  const draft = await read(
    `${said}<div><p>Menu</p></div><div id=a><div>${PROSE}${PROSE}</div></div><div><p>Other</p></div>`,
  )
  assert.equal(draft?.blocks.length, 2)
  // A start page, a short note, an application, a list of entries.
  assert.equal(await read(`<div>${PROSE}</div>`), undefined)
  assert.equal(await read('<article><p>Short.</p></article>'), undefined)
  assert.equal(await read(`${said}<script>${PROSE}</script><div id="root"></div>`), undefined)
  assert.equal(await read(`<article>${PROSE}</article>`.repeat(5)), undefined)
})

test('title, subtitle, author and date stand at its head', async () => {
  const draft = await read(`<title>Site: title</title><meta name="author" content="Ann Author">
    <meta property="article:published_time" content="2026-01-02T03:04:05Z">
    <article><header><h1>The <em>title</em></h1><p class="article-subtitle">Below it</p></header>
    <time datetime="2020-01-01">long ago</time>${PROSE}</article>`)
  assert.deepEqual(draft!.blocks.slice(0, 3), [
    {
      _: 'pageBlockTitle',
      text: { _: 'textConcat', texts: [plain('The '), { _: 'textItalic', text: plain('title') }] },
    },
    { _: 'pageBlockSubtitle', text: plain('Below it') },
    { _: 'pageBlockAuthorDate', author: plain('Ann Author'), publishedDate: Date.UTC(2026, 0, 2, 3, 4, 5) / 1000 },
  ])
  assert.equal(draft!.blocks.length, 4)
  const other = await read(
    `<article><h1>T</h1><a rel=author href=/x>Bo B.</a><time datetime="2020-01-01">x</time>${PROSE}</article>`,
  )
  const by = other!.blocks[1] as tl.pageBlockAuthorDate
  assert.deepEqual([by.author, by.publishedDate], [plain('Bo B.'), Date.UTC(2020, 0, 1) / 1000])
})

test('styles and links of a text', async () => {
  const [one] = (await body(
    `<p> a <b>b</b>\n<i>i<u>u</u></i> <s>s</s><code>c</code><sub>1</sub><sup>2</sup><mark>m</mark><br>
    <a href="/x?y=1">link</a> <a href="mailto:a@b.org?subject=s">mail</a> <a href="tel:+49 30 1">call</a>
    <a href="javascript:alert(1)">not</a> <a href="data:text/html,x">this</a> <a href="//u:p@h/">nor</a> &lt;b&gt;&amp;&#0;\u202e </p>`,
  )) as tl.pageBlockParagraph[]
  const styled = (_: string, text: string) => ({ _, text: plain(text) })
  assert.deepEqual((one!.text as tl.textConcat).texts, [
    plain('a '),
    styled('textBold', 'b'),
    plain(' '),
    { _: 'textItalic', text: { _: 'textConcat', texts: [plain('i'), styled('textUnderline', 'u')] } },
    plain(' '),
    styled('textStrike', 's'),
    styled('textFixed', 'c'),
    styled('textSubscript', '1'),
    styled('textSuperscript', '2'),
    styled('textMarked', 'm'),
    plain('\n'),
    { ...styled('textUrl', 'link'), url: 'https://example.com/x?y=1', webpageId: 0n },
    plain(' '),
    { ...styled('textEmail', 'mail'), email: 'a@b.org' },
    plain(' '),
    { ...styled('textPhone', 'call'), phone: '+49301' },
    plain(' not this nor <b>&\ufffd'),
  ])
})

test('headings, lists, quotes, code, rules, details', async () => {
  const blocks = await body(`<h2>Two</h2><h3>Three</h3><pre><code class="language-ts">let a\n  = 1</code></pre>
    <ul><li>one</li><li><p>two</p></li><li>three<ul><li>four</li></ul></li></ul>
    <ol start=3><li>c</li><li value=9>i</li><li>j</li></ol><blockquote><p>Said</p><p>twice</p><cite>Me</cite></blockquote>
    <blockquote class="pullquote">Big</blockquote><aside>an advert</aside><hr>
    <details open><summary>More</summary><p>Inside</p></details><dl><dt>term</dt><dd>what it is</dd></dl>loose text`)
  assert.deepEqual(blocks, [
    { _: 'pageBlockHeader', text: plain('Two') },
    { _: 'pageBlockSubheader', text: plain('Three') },
    { _: 'pageBlockPreformatted', text: plain('let a\n  = 1'), language: 'ts' },
    {
      _: 'pageBlockList',
      items: [
        { _: 'pageListItemText', text: plain('one') },
        { _: 'pageListItemText', text: plain('two') },
        {
          _: 'pageListItemBlocks',
          blocks: [
            { _: 'pageBlockParagraph', text: plain('three') },
            { _: 'pageBlockList', items: [{ _: 'pageListItemText', text: plain('four') }] },
          ],
        },
      ],
    },
    {
      _: 'pageBlockOrderedList',
      items: [
        { _: 'pageListOrderedItemText', num: '3', text: plain('c') },
        { _: 'pageListOrderedItemText', num: '9', text: plain('i') },
        { _: 'pageListOrderedItemText', num: '10', text: plain('j') },
      ],
    },
    { _: 'pageBlockBlockquote', text: plain('Said\ntwice'), caption: { _: 'textItalic', text: plain('Me') } },
    { _: 'pageBlockPullquote', text: plain('Big'), caption: none },
    { _: 'pageBlockDivider' },
    {
      _: 'pageBlockDetails',
      open: true,
      blocks: [{ _: 'pageBlockParagraph', text: plain('Inside') }],
      title: plain('More'),
    },
    { _: 'pageBlockParagraph', text: { _: 'textBold', text: plain('term') } },
    { _: 'pageBlockParagraph', text: plain('what it is') },
    { _: 'pageBlockParagraph', text: plain('loose text') },
  ])
})

test('tables with their spans; those that only arrange things are taken apart', async () => {
  const [table, first, second] = await body(`<table border=1><caption>Sums</caption>
    <thead><tr><th colspan=2>A</th></tr></thead><tr><td align=right>1</td><td rowspan=3>2<p>3</td></tr></table>
    <table><tr><td><p>left</p></td></tr><tr><td>right</td></tr></table>`)
  assert.deepEqual(JSON.parse(JSON.stringify(table)), {
    _: 'pageBlockTable',
    bordered: true,
    title: plain('Sums'),
    rows: [
      { _: 'pageTableRow', cells: [{ _: 'pageTableCell', header: true, text: plain('A'), colspan: 2 }] },
      {
        _: 'pageTableRow',
        cells: [
          { _: 'pageTableCell', alignRight: true, text: plain('1') },
          { _: 'pageTableCell', text: plain('2\n3'), rowspan: 3 },
        ],
      },
    ],
  })
  assert.deepEqual(
    [first, second],
    [
      { _: 'pageBlockParagraph', text: plain('left') },
      { _: 'pageBlockParagraph', text: plain('right') },
    ],
  )
})

test('pictures, alone and together, with what is said of them; places that are linked to', async () => {
  const html = `<article><p>Text <a href="#part">below</a> <img src="a.png" width=640> more</p>
    <a href="/big"><img src=a.png></a><img src=dot.gif width=1 height=1><img src="data:image/png;base64,x" data-src="b.jpg">
    <figure><img srcset="c.jpg 1x, d.jpg 2x"><figcaption>A view <cite>Ann</cite></figcaption></figure>
    <figure><img src=e.png><img src=f.png><figcaption>Both</figcaption></figure>
    <div class="gallery-wide"><img src=e.png><img src=g.png></div><img src="ftp://x/y"><img>
    <video><source src=v.webm type=video/webm><source src=v.mp4 type=video/mp4></video>
    <h2 id=part>Part</h2><h2 id=other>Other</h2>${PROSE}</article>`
  const draft = (await read(html)) as ArticleDraft
  const at = (name: string) => `https://example.com/posts/${name}`
  assert.deepEqual(draft.pictures, ['a.png', 'b.jpg', 'c.jpg', 'e.png', 'f.png', 'g.png'].map(at))
  assert.deepEqual(draft.videos, [at('v.mp4')])
  const photo = (n: number, caption = nothing) => ({ _: 'pageBlockPhoto', photoId: BigInt(n), caption })
  const target = { _: 'textUrl', text: plain('below'), url: `${URL}#part`, webpageId: 0n }
  assert.deepEqual(draft.blocks.slice(0, -1), [
    { _: 'pageBlockParagraph', text: { _: 'textConcat', texts: [plain('Text '), target] } },
    photo(1),
    { _: 'pageBlockParagraph', text: plain('more') },
    { ...photo(1), url: 'https://example.com/big', webpageId: 0n },
    photo(2),
    photo(3, { _: 'pageCaption', text: plain('A view'), credit: { _: 'textItalic', text: plain('Ann') } }),
    { _: 'pageBlockCollage', items: [photo(4), photo(5)], caption: { ...nothing, text: plain('Both') } },
    { _: 'pageBlockSlideshow', items: [photo(4), photo(6)], caption: nothing },
    { _: 'pageBlockVideo', videoId: 1n, caption: nothing },
    { _: 'pageBlockAnchor', name: 'part' },
    { _: 'pageBlockHeader', text: plain('Part') },
    { _: 'pageBlockHeader', text: plain('Other') },
  ])
})

test('what attacks is left out, and what is too much is bounded', async () => {
  const blocks = await body(`<script>alert(1)</script><style>p{}</style><iframe src="https://evil.example"></iframe>
    <form><p>fill in</p></form><p hidden>hidden</p><p style="display: none">unseen</p><svg><text>drawn</text></svg>
    <nav><p>menu</p></nav><p onclick="x()">Seen<script>document.write('<p>no')</script></p><template><p>t</p></template>`)
  assert.deepEqual(blocks, [{ _: 'pageBlockParagraph', text: plain('Seen') }])

  const seconds = async (html: string): Promise<ArticleDraft | undefined> => {
    const began = performance.now()
    const draft = await read(`<article><h1>T</h1>${PROSE}${html}</article>`)
    assert.ok(performance.now() - began < 3000, `took ${performance.now() - began} ms`)
    if (draft) {
      const page: tl.page = { _: 'page', url: URL, blocks: draft.blocks, photos: [], documents: [] }
      const bytes = writeObject(page, LATEST_LAYER)
      assert.ok(bytes.length < 2_000_000)
      // Whatever came in, readers can take it.
      readObject(bytes)
    }
    return draft
  }
  const n = 50_000
  for (const tag of [
    'div',
    'b',
    'blockquote',
    'ul><li',
    'details',
    'table><tr><td',
    'a href=x',
    'figure class=gallery',
    'article',
  ]) {
    await seconds(`<${tag}>`.repeat(n))
    await seconds(`<${tag}>x<p>y</p>`.repeat(n / 5))
  }
  const many = await seconds('<p>x</p>'.repeat(n))
  assert.ok(many!.blocks.length <= 1001)
  const rows = (await seconds(`<table>${`<tr>${'<td>x</td>'.repeat(50)}</tr>`.repeat(1000)}</table>`))!.blocks.at(-1)
  assert.ok(rows?._ === 'pageBlockTable' && rows.rows.length <= 100 && rows.rows[0]!.cells.length <= 20)
  const pictures = await seconds(Array.from({ length: 500 }, (_, i) => `<img src=${i}.png>`).join(''))
  assert.equal(pictures!.pictures.length, 20)
  await seconds(`<p>${'&amp;'.repeat(200_000)}</p>`)
  await seconds(`<p ${'a=b '.repeat(100_000)}>x</p>`)
  await seconds(`<a href="${'x'.repeat(500_000)}">x</a>`)
  await seconds('<'.repeat(500_000))
  await seconds(`<!--${'-'.repeat(500_000)}`)
  const random = (length: number) => Array.from({ length }, () => String.fromCharCode(Math.random() * 128)).join('')
  for (let i = 0; i < 20; i++) await seconds(random(5000))
})
