import type { JobRunner } from '../../rpc/jobs.ts'
import { RUN } from './imports.ts'
import messagesCheckHistoryImport from './messages.checkHistoryImport.ts'
import messagesCheckHistoryImportPeer from './messages.checkHistoryImportPeer.ts'
import messagesInitHistoryImport from './messages.initHistoryImport.ts'
import messagesStartHistoryImport from './messages.startHistoryImport.ts'
import messagesUploadImportedMedia from './messages.uploadImportedMedia.ts'
import { runImport } from './run.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  messagesCheckHistoryImport,
  messagesCheckHistoryImportPeer,
  messagesInitHistoryImport,
  messagesStartHistoryImport,
  messagesUploadImportedMedia,
]

export const jobs: Record<string, JobRunner> = { [RUN]: runImport }
