namespace JaxSharp.Compiler.Kernels;

/// <summary>An expanded kernel with its reduction orders fixed, and the axis along which vectors lie.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="VectorAxis">A grid axis, or −1 where vectors lie along the last inner axis of each stage.</param>
internal sealed record LoopPlan(Kernel Kernel, int VectorAxis);
