final class MemorySnapshot {}
final class CheckpointHome {}
