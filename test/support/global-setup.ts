export default function placeholder(): void {}
