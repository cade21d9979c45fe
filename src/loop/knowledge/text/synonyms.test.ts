import { conceptsOf } from './synonyms.ts';
import { stemsOf } from './terms.ts';

describe('the concepts that a text names', () => {
  test.each([
    ['the same by several words', 'latency slow sluggish', ['=latency', '=latency', '=latency']],
    ['a phrase', 'it ran out of memory', ['=oom']],
    ['the longest phrase and not its parts', 'memory leak', ['=leak']],
    ['a word in any inflection', 'throttled, restarting', ['=throttle', '=crash']],
    ['a compound', 'ImagePullBackOff', ['=image']],
    ['none where it is about something else', 'the weather is nice', []],
  ])('are %s', (_name, text, concepts) => {
    expect(conceptsOf(stemsOf(text))).toEqual(concepts);
  });
});
