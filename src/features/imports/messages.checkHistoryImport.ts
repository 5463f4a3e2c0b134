import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import { ExportDateError, type ParsedExport, parseExport } from './parse.ts'

/** Clients send a hundred lines. */
const HEAD = 1_000_000

export default method(
  'messages.checkHistoryImport',
  async (_ctx, { importHead }) => {
    const parsed = importHead.length > HEAD ? undefined : read(importHead)
    if (!parsed) throw new RpcError('IMPORT_FORMAT_UNRECOGNIZED')
    return {
      _: 'messages.historyImportParsed',
      pm: parsed.kind === 'pm' || undefined,
      group: parsed.kind === 'group' || undefined,
      title: parsed.title,
    }
  },
  { flood: 'write' },
)

function read(head: string): ParsedExport | undefined {
  try {
    return parseExport(head)
  } catch (error) {
    if (error instanceof ExportDateError) return undefined
    throw error
  }
}
