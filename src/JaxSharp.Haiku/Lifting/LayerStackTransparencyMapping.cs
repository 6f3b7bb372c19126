namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// The names of the modules of single layers in a transparent <c>LayerStack</c>, so that its parameters are those of a loop that calls
    /// the layers one after the other.
    /// </summary>
    public abstract class LayerStackTransparencyMapping
    {
        /// <summary>The path of a module in one layer.</summary>
        /// <param name="stackedModuleName">The path of the module in the stacked layer function.</param>
        /// <param name="scanIdx">The number of the layer.</param>
        public abstract string StackedToFlat(string stackedModuleName, int scanIdx);

        /// <summary>The inverse: the path in the layer function and the number of the layer; null for a module that is not in the stack.</summary>
        /// <param name="unstackedModuleName">The path of a module in one layer.</param>
        public abstract (string StackedModuleName, int ScanIdx)? FlatToStacked(string unstackedModuleName);
    }
}
