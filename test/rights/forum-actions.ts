import type { Action } from './actions.ts'
import { creates, manages, shares } from './rules.ts'

let count = 1n << 30n

/** What is done with topics. */
export const IN_FORUMS: readonly Action[] = [
  {
    name: 'makes a topic',
    rules: { forum: shares('manageTopics').group },
    act: (who, place) =>
      who.call('messages.createForumTopic', { peer: place.peer(who), title: 'Topic', randomId: ++count }),
  },
  {
    name: 'closes another’s topic',
    rules: { forum: manages('manageTopics').group },
    act: (who, place) =>
      who.call('messages.editForumTopic', { peer: place.peer(who), topicId: place.topic, closed: true }),
    undo: (place) =>
      place.owner.call('messages.editForumTopic', {
        ...{ peer: place.peer(place.owner), topicId: place.topic, closed: false },
      }),
  },
  {
    name: 'pins a topic',
    rules: { forum: manages('manageTopics').group },
    act: (who, place) =>
      who.call('messages.updatePinnedForumTopic', { peer: place.peer(who), topicId: place.topic, pinned: true }),
    undo: (place) =>
      place.owner.call('messages.updatePinnedForumTopic', {
        ...{ peer: place.peer(place.owner), topicId: place.topic, pinned: false },
      }),
  },
  {
    name: 'turns it into a plain group',
    rules: { forum: creates().group },
    except: 'creator',
    act: (who, place) => who.call('channels.toggleForum', { channel: place.channel(who), enabled: false, tabs: false }),
  },
]
