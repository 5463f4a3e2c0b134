import { DROP_FILE, dropFile } from '../../domain/secret-files.ts'
import messagesAcceptEncryption from './messages.acceptEncryption.ts'
import messagesDiscardEncryption from './messages.discardEncryption.ts'
import messagesGetDhConfig from './messages.getDhConfig.ts'
import messagesReadEncryptedHistory from './messages.readEncryptedHistory.ts'
import messagesReceivedQueue from './messages.receivedQueue.ts'
import messagesRequestEncryption from './messages.requestEncryption.ts'
import messagesSendEncrypted from './messages.sendEncrypted.ts'
import messagesSendEncryptedFile from './messages.sendEncryptedFile.ts'
import messagesSendEncryptedService from './messages.sendEncryptedService.ts'
import messagesSetEncryptedTyping from './messages.setEncryptedTyping.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  messagesAcceptEncryption,
  messagesDiscardEncryption,
  messagesGetDhConfig,
  messagesReadEncryptedHistory,
  messagesReceivedQueue,
  messagesRequestEncryption,
  messagesSendEncrypted,
  messagesSendEncryptedFile,
  messagesSendEncryptedService,
  messagesSetEncryptedTyping,
]

export const jobs = { [DROP_FILE]: dropFile }
