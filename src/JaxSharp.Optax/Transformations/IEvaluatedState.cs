namespace JaxSharp.Optax;

/// <summary>A state that knows the loss and its gradient at the parameters that its step led to.</summary>
public interface IEvaluatedState
{
    /// <summary>The loss; infinite before the first step.</summary>
    NDArray Value { get; }

    /// <summary>The gradient, a tree like the parameters; null where it is not kept.</summary>
    object? Grad { get; }
}
