namespace JaxSharp.Compiler.Contractions;

/// <summary>A part of K that one call of a tile kernel goes through: so many segments of so many steps.</summary>
internal readonly record struct InnerBlock(int Start, int Segments, int Run)
{
    public int Count => Segments * Run;
}

/// <summary>How the tile kernel gets at the rows of the left operand.</summary>
internal enum LeftAccess
{
    /// <summary>It reads the operand where it lies; rows that do not exist point at zeros.</summary>
    Direct,

    /// <summary>It reads the operand where it lies; a table tells where the steps of K are.</summary>
    Table,

    /// <summary>
    /// It reads the operand where it lies; for each line of rows that exist together a table tells where the steps of K are, or zeros.
    /// </summary>
    Places,

    /// <summary>Rows are copied to scratch, K side by side.</summary>
    Rows,

    /// <summary>Rows are copied to scratch, the rows of a strip side by side.</summary>
    Strips,
}

/// <summary>How the tile kernel gets at the columns of the right operand.</summary>
internal enum RightAccess
{
    /// <summary>It reads the operand where it lies.</summary>
    Direct,

    /// <summary>All of it is copied into panels first, which the tasks share.</summary>
    Shared,

    /// <summary>Each task copies what it needs.</summary>
    Local,
}
