using System;

namespace JaxSharp;

/// <summary>Settings of the calling thread; other threads have their own.</summary>
public static class JaxConfig
{
    [ThreadStatic]
    private static bool enableX64;

    [ThreadStatic]
    private static bool legacyRandomBits;

    /// <summary>
    /// Whether 64-bit types exist: off by default, as in JAX. While it is off, functions that would make an i64 or f64 array make
    /// an i32 or f32 one. Applies to the calling thread.
    /// </summary>
    public static bool EnableX64
    {
        get => enableX64;
        set => enableX64 = value;
    }

    /// <summary>
    /// Whether random bits use JAX's older layout, which it calls non-partitionable; off by default. Applies to the calling thread.
    /// </summary>
    public static bool LegacyRandomBits
    {
        get => legacyRandomBits;
        set => legacyRandomBits = value;
    }

    /// <summary>Enables or disables 64-bit types until the returned object is disposed.</summary>
    /// <example><code>
    /// using (JaxConfig.X64())
    /// {
    ///     jnp.Zeros(3).DType; // => f64
    /// }
    /// </code></example>
    public static Scope X64(bool enabled = true)
    {
        var scope = new Scope(enableX64, legacyRandomBits);
        enableX64 = enabled;
        return scope;
    }

    /// <summary>Restores the settings that were in force when it was made.</summary>
    public readonly struct Scope : IDisposable
    {
        private readonly bool x64;
        private readonly bool legacy;

        internal Scope(bool x64, bool legacy)
        {
            this.x64 = x64;
            this.legacy = legacy;
        }

        /// <summary>Restores the settings.</summary>
        public void Dispose()
        {
            enableX64 = x64;
            legacyRandomBits = legacy;
        }
    }

    /// <summary>The type that an array of this type has while 64-bit types are off.</summary>
    internal static DType Canonical(DType dtype) =>
        enableX64
            ? dtype
            : dtype.Code switch
            {
                DTypeCode.I64 => DType.I32,
                DTypeCode.U64 => DType.U32,
                DTypeCode.F64 => DType.F32,
                DTypeCode.C128 => DType.C64,
                _ => dtype,
            };
}
