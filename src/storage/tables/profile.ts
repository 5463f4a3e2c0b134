/** The profile photos of accounts, besides the one they show to those who may not see any. */
export interface ProfilePhotoTable {
  owner: number
  photo_id: number
  /** The greatest is the newest; the current photo is the newest, too. */
  pos: number
}

/** The music that an account shows on its profile. */
export interface SavedMusicTable {
  owner: number
  document_id: number
  /** The greatest comes first. */
  pos: number
}

declare module './index.ts' {
  interface Tables {
    profile_photo: ProfilePhotoTable
    saved_music: SavedMusicTable
  }
}
