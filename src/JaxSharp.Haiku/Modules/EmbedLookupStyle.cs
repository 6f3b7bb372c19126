namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>How <see cref="Embed"/> finds its vectors. The results are the same; time and memory differ.</summary>
    public enum EmbedLookupStyle
    {
        /// <summary>By indexing.</summary>
        ArrayIndex = 1,

        /// <summary>By a product with a matrix that has a one for each id.</summary>
        OneHot = 2,
    }
}
