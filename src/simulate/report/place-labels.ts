/** A point on paper with what is written beside it. */
export interface Labelled {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

export interface PlacedLabel {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Of a 12 pixel sans serif: on the wide side. */
const CHARACTER_WIDTH = 6.6;
const LINE_HEIGHT = 14;
const POINT_RADIUS = 7;
const GAP = 9;

/** Baselines below the point's middle that are tried, the plain one first. */
const OFFSETS = [4, -8, 16, -20, 28, -32, 40, -44, 52];

/**
 * Writes each label to the right or left of its point where it covers the fewest others, points included: greedy, in
 * the order given, within a paper of the given size.
 */
export function placeLabels(
  points: readonly Labelled[],
  size: { readonly width: number; readonly height: number },
): PlacedLabel[] {
  const taken: Box[] = points.map(({ x, y }) => ({
    left: x - POINT_RADIUS,
    right: x + POINT_RADIUS,
    top: y - POINT_RADIUS,
    bottom: y + POINT_RADIUS,
  }));
  return points.map((point) => {
    let best: { readonly label: PlacedLabel; readonly box: Box; readonly cost: number } | undefined;
    for (const [rank, label] of candidates(point).entries()) {
      const box = boxOf(label, point.text);
      // Farther places are a little worse than near ones; leaving the paper is worse than any overlap.
      const cost = rank * 2 + covered(box, taken) + 1_000 * outside(box, size);
      if (best === undefined || cost < best.cost) best = { label, box, cost };
    }
    if (best === undefined) throw new Error('a label has no candidate places');
    taken.push(best.box);
    return best.label;
  });
}

function candidates({ x, y }: Labelled): PlacedLabel[] {
  return OFFSETS.flatMap((offset): PlacedLabel[] => [
    { x: x + GAP, y: y + offset, anchor: 'start' },
    { x: x - GAP, y: y + offset, anchor: 'end' },
  ]);
}

function boxOf({ x, y, anchor }: PlacedLabel, text: string): Box {
  const width = text.length * CHARACTER_WIDTH;
  const left = anchor === 'start' ? x : x - width;
  return { left, right: left + width, top: y - LINE_HEIGHT + 3, bottom: y + 3 };
}

/** Square pixels that lie on something else. */
function covered(box: Box, taken: readonly Box[]): number {
  return taken.reduce((sum, other) => {
    const width = Math.min(box.right, other.right) - Math.max(box.left, other.left);
    const height = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
    return sum + Math.max(0, width) * Math.max(0, height);
  }, 0);
}

function outside(box: Box, { width, height }: { readonly width: number; readonly height: number }): number {
  return (
    Math.max(0, -box.left) +
    Math.max(0, box.right - width) +
    Math.max(0, -box.top) +
    Math.max(0, box.bottom - height)
  );
}
