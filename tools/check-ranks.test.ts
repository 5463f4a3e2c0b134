import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { checkRanks, importsOf } from './check-ranks.ts'

function findings(files: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), 'chappe-ranks-'))
  try {
    const all = {
      'schema/methods.tsv': '# method\tfolder\ncontacts.block\tcontacts\nusers.getUsers\tusers\n',
      ...files,
    }
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    return checkRanks(root)
  } finally {
    rmSync(root, { recursive: true })
  }
}

const block = "export default method(\n  'contacts.block',\n  run,\n)\n"
const contacts = {
  'src/features/contacts/contacts.block.ts': block,
  'src/features/contacts/index.ts': "import block from './contacts.block.ts'\n",
}

test('finds every form of import', () => {
  assert.deepEqual(
    importsOf(`import type { A } from './a.ts'
import './b.ts'
import {
  c,
} from "../c.ts"
export * from './d.ts'
const e = await import('./e.ts')
import { f } from 'f'
export const g = 1`),
    ['./a.ts', './b.ts', '../c.ts', './d.ts', './e.ts'],
  )
})

test('a tree in order has no findings', () => {
  const { errors, warnings } = findings({
    ...contacts,
    'src/rpc/a.ts': "import type { Hub } from '../updates/hub.ts'\nimport { Config } from '../config.ts'\n",
    'src/updates/hub.ts': "import type { Ctx } from '../rpc/a.ts'\n",
    'src/config.ts': "import './limits.ts'\n",
    'src/server.ts': "import './features/contacts/index.ts'\nimport './main.ts'\n",
    'src/testing.ts': "export * from '../test/harness/index.ts'\n",
    'src/features/contacts/view.ts': "import { users } from '../../domain/users.ts'\nimport './actions.ts'\n",
    'src/features/index.ts': "import * as contacts from './contacts/index.ts'\n",
    'src/tl/a.test.ts': "import '../rpc/a.ts'\n",
    'src/tl/test-data.ts': "import '../rpc/a.ts'\n",
  })
  assert.deepEqual(errors, [])
  assert.deepEqual(warnings, [])
})

test('an import that goes up, sideways or out is found', () => {
  const { errors } = findings({
    'src/tl/up.ts': "import '../storage/index.ts'\n",
    'src/mtproto/side.ts': "const s = await import('../storage/index.ts')\n",
    'src/domain/top.ts': "import { x } from '../server.ts'\n",
    'src/log.ts': "import './rpc/errors.ts'\n",
    'src/features/a/x.ts': "import type { Y } from '../b/y.ts'\n",
    'src/features/a/z.ts': "import type { Y } from '../index.ts'\n",
    'src/rpc/out.ts': "import '../../test/harness/index.ts'\n",
    'src/things/new.ts': '\n',
  })
  assert.deepEqual(
    errors.map((line) => line.split(':')[0]),
    [
      'src/domain/top.ts',
      'src/features/a/x.ts',
      'src/features/a/z.ts',
      'src/log.ts',
      'src/mtproto/side.ts',
      'src/rpc/out.ts',
      'src/things/new.ts',
      'src/tl/up.ts',
    ],
  )
})

test('a method in a wrong folder, unlisted, unknown or not what its name says is found', () => {
  const { errors } = findings({
    ...contacts,
    'src/features/contacts/users.getUsers.ts': "export default method('users.getUsers', run)\n",
    'src/features/users/index.ts': '\n',
    'src/features/users/users.getUsers.ts': block,
    'src/features/users/users.getUser.ts': '\n',
  })
  assert.deepEqual(errors.sort(), [
    'src/features/contacts/users.getUsers.ts: belongs to src/features/users/',
    'src/features/contacts/users.getUsers.ts: not listed in src/features/contacts/index.ts',
    'src/features/users/users.getUser.ts: users.getUser is no method of schema/methods.tsv',
    "src/features/users/users.getUsers.ts: does not define method('users.getUsers', ...)",
    'src/features/users/users.getUsers.ts: not listed in src/features/users/index.ts',
  ])
})

test('long files are warned of, generated ones are not', () => {
  const { errors, warnings } = findings({
    'src/rpc/long.ts': '\n'.repeat(401),
    'src/tl/gen/codec.ts': '\n'.repeat(9000),
  })
  assert.deepEqual(errors, [])
  assert.deepEqual(warnings, ['src/rpc/long.ts: 401 lines, over 400'])
})
