import type { Generated } from 'kysely'

/** A set of stickers, masks or custom emoji. */
export interface StickerSetTable {
  /** Positive id as in TL. */
  id: number
  /** Whose set it is. */
  owner: number
  /** The bot that made it for its owner. */
  bot: number | null
  title: string
  short_name: string
  /** The short name in lower case. */
  name: string
  /** 0 stickers, 1 masks, 2 custom emoji. */
  kind: number
  text_color: Generated<number>
  date: number
  count: Generated<number>
  /** Another one with every change. */
  hash: number
  /** TL PhotoSize of a thumbnail of its own, and the blob that holds it. */
  thumb: Uint8Array | null
  thumb_key: string | null
  thumb_version: Generated<number>
  /** Custom emoji: the one that stands for the set. */
  thumb_document: number | null
}

/** A sticker of a set, which is a document of its own. */
export interface StickerTable {
  set_id: number
  document_id: number
  /** From 0, without gaps. */
  position: number
  /** The emoji it stands for, one after the other. */
  emoji: string
  /** What it is found by, with commas between. */
  keywords: Generated<string>
}

/** What sets and stickers are found by: words in lower case, and emoji. */
export interface StickerWordTable {
  word: string
  set_id: number
  /** 0 for the set itself. */
  document_id: number
}

/** A set that an account has. */
export interface InstalledSetTable {
  owner: number
  set_id: number
  /** As the set's. */
  kind: number
  /** The highest is shown first. */
  position: number
  date: number
  archived: Generated<number>
}

/** Documents that an account keeps at hand: recent stickers, those attached to photos, favourites, GIFs. */
export interface KeptDocumentTable {
  owner: number
  /** `recent`, `attached`, `faved` or `gif`. */
  list: string
  document_id: number
  /** The highest is shown first. */
  position: number
  date: number
}

/** A set that the operator shows to everybody. */
export interface FeaturedSetTable {
  set_id: number
  kind: number
  /** The highest is shown first. */
  position: number
  /** Shown no more but among the old ones. */
  old: Generated<number>
}

/** Featured sets that an account has looked at. */
export interface FeaturedReadTable {
  owner: number
  set_id: number
}

/** Sets whose stickers were put onto a photo or a video. */
export interface AttachedSetTable {
  file_id: number
  set_id: number
  position: number
}

declare module './index.ts' {
  interface Tables {
    sticker_set: StickerSetTable
    sticker: StickerTable
    sticker_word: StickerWordTable
    installed_set: InstalledSetTable
    kept_document: KeptDocumentTable
    featured_set: FeaturedSetTable
    featured_read: FeaturedReadTable
    attached_set: AttachedSetTable
  }
}
