/** Secret chats: between two devices, of which the server knows no more than whose they are. */
export interface SecretChatTable {
  id: number
  /** Who asked for it, and on which device (authorization key). */
  admin_id: number
  admin_auth: string
  participant_id: number
  /** The device that accepted it; null until one has. */
  participant_auth: string | null
  /** SECRET_STATE in domain/secret-chats.ts. */
  state: number
  /** The number under which the asking client may ask again. */
  random_id: number
  g_a: Uint8Array
  g_b: Uint8Array | null
  /** 64-bit, decimal. */
  fingerprint: string
  date: number
  history_deleted: number
  /** How far each side has read what the other wrote, unix seconds. */
  admin_read: number
  participant_read: number
}

/** How many messages of secret chats one device was sent: its qts. */
export interface SecretQueueTable {
  owner: number
  auth: string
  qts: number
}

/** Messages that a device has not confirmed yet; they are deleted when it does. */
export interface SecretMessageTable {
  owner: number
  auth: string
  qts: number
  chat_id: number
  /** 64-bit, decimal. */
  random_id: string
  date: number
  service: number
  bytes: Uint8Array
  /** The file beside it, 0 for none. */
  file_id: number
}

/** What was sent lately, so that a client may repeat its call. */
export interface SecretSentTable {
  owner: number
  chat_id: number
  random_id: string
  date: number
  file_id: number
}

/** Encrypted files. Their bytes are nobody else's, and go when no chat has them any more. */
export interface SecretFileTable {
  id: number
  owner: number
  date: number
  size: number
  /** 32-bit, signed. */
  fingerprint: number
  blob_key: string
}

/** The chats that a file was sent to. */
export interface SecretFileUseTable {
  file_id: number
  chat_id: number
}

declare module './index.ts' {
  interface Tables {
    secret_chat: SecretChatTable
    secret_queue: SecretQueueTable
    secret_message: SecretMessageTable
    secret_sent: SecretSentTable
    secret_file: SecretFileTable
    secret_file_use: SecretFileUseTable
  }
}
