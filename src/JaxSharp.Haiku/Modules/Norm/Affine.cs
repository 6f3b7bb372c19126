namespace JaxSharp.Haiku;

/// <summary>The scale and offset of normalising modules, which are parameters or given at the call.</summary>
internal static class Affine
{
    public static void CheckInit(
        string module,
        bool createScale,
        Hk.Initializer? scaleInit,
        bool createOffset,
        Hk.Initializer? offsetInit
    )
    {
        if (!createScale && scaleInit is not null)
        {
            throw new JaxArgumentException(
                $"{module}: scaleInit makes the parameter scale, so createScale must be true."
            );
        }

        if (!createOffset && offsetInit is not null)
        {
            throw new JaxArgumentException(
                $"{module}: offsetInit makes the parameter offset, so createOffset must be true."
            );
        }
    }

    public static void CheckGiven(string module, bool createScale, NDArray? scale, bool createOffset, NDArray? offset)
    {
        if (createScale && scale is not null)
        {
            throw new JaxArgumentException(
                $"{module} has a parameter scale, so none can be given at the call. Make it with createScale: false."
            );
        }

        if (createOffset && offset is not null)
        {
            throw new JaxArgumentException(
                $"{module} has a parameter offset, so none can be given at the call. Make it with createOffset: false."
            );
        }
    }

    /// <summary>centred · (scale · inverse deviation) + offset.</summary>
    public static NDArray Apply(NDArray centred, NDArray inverseDeviation, NDArray? scale, NDArray? offset)
    {
        var result = centred * (scale is null ? inverseDeviation : scale * inverseDeviation);
        return offset is null ? result : result + offset;
    }
}
